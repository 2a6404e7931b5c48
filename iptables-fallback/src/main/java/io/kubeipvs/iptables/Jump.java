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

  /** {@code nat -A OUTPUT -j KUBE-SERVICES}. */
  @Override
  public String toString() {
    return table + " -A " + chain + " " + rule;
  }
}
