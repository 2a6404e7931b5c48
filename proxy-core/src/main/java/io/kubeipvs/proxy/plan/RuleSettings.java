package io.kubeipvs.proxy.plan;

/**
 * What the rules depend on. Services are no part of it: they only fill sets.
 *
 * @param masqueradeAll whether all traffic to cluster IPs leaves with an address of the node
 * @param masqueradeBit the bit of the packet mark that asks for it, 0..31
 * @param randomFully whether the tool and the kernel know {@code --random-fully}
 */
public record RuleSettings(
    boolean masqueradeAll, int masqueradeBit, DetectLocal detectLocal, boolean randomFully) {

  public static final RuleSettings DEFAULT = new RuleSettings(false, 14, DetectLocal.NONE, true);

  public RuleSettings {
    if (masqueradeBit < 0 || masqueradeBit > 31) {
      throw new IllegalArgumentException("masquerade bit " + masqueradeBit + " is not in 0..31");
    }
  }

  /** The packet mark with only that bit. */
  public int mark() {
    return 1 << masqueradeBit;
  }
}
