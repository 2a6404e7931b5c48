package io.kubeipvs.iptables;

/** A rule of one owner in a chain that several share. */
public record SharedRule(ChainKey chain, Rule rule) {

  /** {@code nat -A KUBE-SERVICES -d 10.96.0.1/32 ...}. */
  @Override
  public String toString() {
    return chain.table() + " -A " + chain.name() + " " + rule;
  }
}
