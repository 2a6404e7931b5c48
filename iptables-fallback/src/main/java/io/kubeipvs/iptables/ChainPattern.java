package io.kubeipvs.iptables;

/**
 * Chains of a table that are to go where they are not wanted: one name, or all that begin so.
 *
 * @param prefix {@code name} is only the beginning
 */
public record ChainPattern(Table table, String name, boolean prefix) {

  public ChainPattern {
    Words.requireName("chain", name, ChainName.MAXIMUM_LENGTH);
    if (table.builtInChains().contains(name)) {
      throw new IllegalArgumentException(table + " cannot be without its chain " + name);
    }
  }

  public static ChainPattern of(ChainKey chain) {
    return new ChainPattern(chain.table(), chain.name().value(), false);
  }

  public static ChainPattern startingWith(Table table, String prefix) {
    return new ChainPattern(table, prefix, true);
  }

  public boolean matches(String chain) {
    return prefix ? chain.startsWith(name) : chain.equals(name);
  }

  /** {@code nat KUBE-SEP-*}. */
  @Override
  public String toString() {
    return table + " " + name + (prefix ? "*" : "");
  }
}
