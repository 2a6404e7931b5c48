package io.kubeipvs.ipvs;

import io.kubeipvs.net.IpAddress;

/**
 * A real server as {@code ipvsadm -a} describes it.
 *
 * @param weight share of new connections, 0..65535; see {@link #DRAINING}
 * @param upperThreshold connections at which it gets no more, unsigned; 0 means no limit
 * @param lowerThreshold connections below which it gets some again, unsigned; 0 means none
 */
public record RealServer(
    ServerKey key,
    ForwardingMethod method,
    int weight,
    int upperThreshold,
    int lowerThreshold,
    Tunnel tunnel) {

  /** The weight of a server that keeps its connections and gets no new ones. */
  public static final int DRAINING = 0;

  /** Masquerading, without thresholds: what a service proxy uses. */
  public static RealServer masquerade(IpAddress address, int port, int weight) {
    return new RealServer(
        new ServerKey(address, port), ForwardingMethod.MASQUERADE, weight, 0, 0, Tunnel.DEFAULT);
  }

  public RealServer withWeight(int newWeight) {
    return new RealServer(key, method, newWeight, upperThreshold, lowerThreshold, tunnel);
  }

  public boolean isDraining() {
    return weight == DRAINING;
  }
}
