package io.kubeipvs.iptables;

/**
 * Chains of a table that are to go where they are not wanted: one name, or all that begin so.
 *
 * @param prefix {@code name} is only the beginning
 * @param onlyEmpty one that holds rules stays: somebody else uses a chain of that name too
 */
public record ChainPattern(Table table, String name, boolean prefix, boolean onlyEmpty) {

  public ChainPattern {
    Words.requireName("chain", name, ChainName.MAXIMUM_LENGTH);
    if (table.builtInChains().contains(name)) {
      throw new IllegalArgumentException(table + " cannot be without its chain " + name);
    }
  }

  public static ChainPattern of(ChainKey chain) {
    return new ChainPattern(chain.table(), chain.name().value(), false, false);
  }

  /** Only while it holds no rule. */
  public static ChainPattern ifEmpty(ChainKey chain) {
    return new ChainPattern(chain.table(), chain.name().value(), false, true);
  }

  public static ChainPattern startingWith(Table table, String prefix) {
    return new ChainPattern(table, prefix, true, false);
  }

  boolean matches(SavedChain chain) {
    return (prefix ? chain.name().startsWith(name) : chain.name().equals(name))
        && (!onlyEmpty || chain.rules().isEmpty());
  }

  /** {@code nat KUBE-SEP-*}. */
  @Override
  public String toString() {
    return table + " " + name + (prefix ? "*" : "") + (onlyEmpty ? " (empty)" : "");
  }
}
