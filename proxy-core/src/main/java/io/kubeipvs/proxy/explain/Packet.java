package io.kubeipvs.proxy.explain;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.util.Optional;

/**
 * The first packet of a connection (or one of an existing connection) on its way through the
 * kernel.
 *
 * @param sourcePort 0 where any port may have been chosen
 * @param in the device it came in by; empty for one that was made here
 * @param out the device it leaves by; empty as long as that is not decided
 * @param mark {@code skb->mark}
 * @param tracking what connection tracking knows of it
 * @param virtual the virtual service that has translated it; empty before that
 */
record Packet(
    Protocol protocol,
    IpAddress source,
    int sourcePort,
    IpAddress destination,
    int port,
    String in,
    String out,
    int mark,
    Tracking tracking,
    Optional<ServiceKey> virtual) {

  /** {@code ctstate}. */
  enum State {
    NEW,
    ESTABLISHED,
    UNTRACKED
  }

  /**
   * What connection tracking knows.
   *
   * @param originalSource of the first packet, before any translation
   * @param dnat whether a rule of nat has changed the destination
   * @param snat whether a rule of nat has changed the source
   */
  record Tracking(
      State state,
      IpAddress originalSource,
      IpAddress originalDestination,
      int originalPort,
      boolean dnat,
      boolean snat) {}

  static Packet of(
      Protocol protocol, IpAddress source, int sourcePort, IpAddress destination, int port) {
    return new Packet(
        protocol,
        source,
        sourcePort,
        destination,
        port,
        "",
        "",
        0,
        new Tracking(State.NEW, source, destination, port, false, false),
        Optional.empty());
  }

  AddressFamily family() {
    return destination.family();
  }

  Packet by(String inDevice, String outDevice) {
    return new Packet(
        protocol,
        source,
        sourcePort,
        destination,
        port,
        inDevice,
        outDevice,
        mark,
        tracking,
        virtual);
  }

  Packet marked(int newMark) {
    return new Packet(
        protocol, source, sourcePort, destination, port, in, out, newMark, tracking, virtual);
  }

  Packet in(State state) {
    Tracking changed =
        new Tracking(
            state,
            tracking.originalSource(),
            tracking.originalDestination(),
            tracking.originalPort(),
            tracking.dnat(),
            tracking.snat());
    return new Packet(
        protocol, source, sourcePort, destination, port, in, out, mark, changed, virtual);
  }

  /** As {@code DNAT} does it. */
  Packet translatedTo(IpAddress address, int newPort) {
    Tracking changed =
        new Tracking(
            tracking.state(),
            tracking.originalSource(),
            tracking.originalDestination(),
            tracking.originalPort(),
            true,
            tracking.snat());
    return new Packet(
        protocol, source, sourcePort, address, newPort, in, out, mark, changed, virtual);
  }

  /** As {@code SNAT} and {@code MASQUERADE} do it; they keep the port where they can. */
  Packet translatedFrom(IpAddress address) {
    Tracking changed =
        new Tracking(
            tracking.state(),
            tracking.originalSource(),
            tracking.originalDestination(),
            tracking.originalPort(),
            tracking.dnat(),
            true);
    return new Packet(
        protocol, address, sourcePort, destination, port, in, out, mark, changed, virtual);
  }

  /** As IPVS does it, which tells connection tracking in its own way. */
  Packet balanced(ServiceKey by, IpAddress server, int serverPort) {
    return new Packet(
        protocol, source, sourcePort, server, serverPort, in, out, mark, tracking, Optional.of(by));
  }

  /** {@code TCP 192.0.2.10 -> 10.96.0.10:80}. */
  @Override
  public String toString() {
    return protocol + " " + source + " -> " + destination.withPort(port);
  }
}
