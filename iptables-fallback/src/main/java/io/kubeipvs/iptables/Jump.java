package io.kubeipvs.iptables;

/**
 * A rule of ours in a built-in chain. It must be there, anywhere; where it is missing it is
 * inserted at position 1, kube-proxy's way, so that of several the one listed last stands first.
 */
public record Jump(Table table, String chain, Rule rule) {

  public Jump {
    if (!table.builtInChains().contains(chain)) {
      throw new IllegalArgumentException(table + " has no built-in chain " + chain);
    }
    if (rule.targetChain().isEmpty()) {
      throw new IllegalArgumentException("not a jump to a chain: " + rule);
    }
  }

  public ChainKey target() {
    return new ChainKey(table, rule.targetChain().orElseThrow());
  }

  /** Most rules are of other kinds, and are told by the name that they do not hold. */
  boolean isPrintedAs(Family family, String printed) {
    return printed.contains(rule.targetChain().orElseThrow().value())
        && RuleText.sameMeaning(family, rule.text(), printed);
  }

  /** {@code nat -A OUTPUT -j KUBE-SERVICES}. */
  @Override
  public String toString() {
    return table + " -A " + chain + " " + rule;
  }
}
