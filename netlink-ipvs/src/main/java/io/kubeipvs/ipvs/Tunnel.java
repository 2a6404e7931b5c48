package io.kubeipvs.ipvs;

/**
 * Encapsulation of a tunnelled real server: {@code IP_VS_CONN_F_TUNNEL_TYPE_*} and {@code
 * IP_VS_TUNNEL_ENCAP_FLAG_*} of {@code linux/ip_vs.h}.
 *
 * @param port UDP port of the tunnel, 0 unless the type is {@link #GUE}
 */
public record Tunnel(int type, int port, int flags) {
  public static final int IPIP = 0;
  public static final int GUE = 1;
  public static final int GRE = 2;

  public static final int NO_CHECKSUM = 0;
  public static final int CHECKSUM = 1;
  public static final int REMOTE_CHECKSUM = 2;

  /** What every real server has unless told otherwise. */
  public static final Tunnel DEFAULT = new Tunnel(IPIP, 0, NO_CHECKSUM);

  /** That of a dump with very many servers: one value serves for those that have none. */
  public static Tunnel of(int type, int port, int flags) {
    boolean plain = type == IPIP && port == 0 && flags == NO_CHECKSUM;
    return plain ? DEFAULT : new Tunnel(type, port, flags);
  }

  public Tunnel {
    Ports.check(port);
  }
}
