package io.kubeipvs.proxy.explain;

import io.kubeipvs.net.IpAddress;

/** How a packet's way ends, as far as this node decides it. */
public sealed interface Fate {

  /**
   * It reaches a server of a Service.
   *
   * @param local a socket of this host
   */
  record Delivered(IpAddress server, int port, boolean local) implements Fate {}

  /** It reaches a socket of this host, no Service being asked. */
  record HostSocket(IpAddress address, int port) implements Fate {}

  /** It is sent on as it is addressed, no Service being asked. */
  record Forwarded(IpAddress destination, int port, String device) implements Fate {}

  /**
   * Somebody says no.
   *
   * @param answer {@code TCP reset}, {@code ICMP port unreachable}
   */
  record Refused(String answer, String by) implements Fate {}

  /** Nobody says anything. */
  record Dropped(String by) implements Fate {}

  /** What follows cannot be told. */
  record Unknown(String why) implements Fate {}
}
