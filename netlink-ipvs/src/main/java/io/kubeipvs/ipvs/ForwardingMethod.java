package io.kubeipvs.ipvs;

/**
 * How packets reach a real server: {@code IP_VS_CONN_F_FWD_MASK} of {@code linux/ip_vs.h}. Open,
 * because the mask has room for numbers no kernel has given out yet.
 */
public record ForwardingMethod(int number) {
  public static final ForwardingMethod MASQUERADE = new ForwardingMethod(0);
  public static final ForwardingMethod LOCAL = new ForwardingMethod(1);
  public static final ForwardingMethod TUNNEL = new ForwardingMethod(2);
  public static final ForwardingMethod DIRECT_ROUTE = new ForwardingMethod(3);

  /** {@code IP_VS_CONN_F_FWD_MASK}. */
  public static final int MASK = 7;

  private static final ForwardingMethod[] KNOWN = {MASQUERADE, LOCAL, TUNNEL, DIRECT_ROUTE};

  /** That of a dump with very many servers: one value serves for all that are alike. */
  public static ForwardingMethod of(int number) {
    return number >= 0 && number < KNOWN.length ? KNOWN[number] : new ForwardingMethod(number);
  }

  public ForwardingMethod {
    if ((number & ~MASK) != 0) {
      throw new IllegalArgumentException("forwarding method " + number + " is not in 0..7");
    }
  }
}
