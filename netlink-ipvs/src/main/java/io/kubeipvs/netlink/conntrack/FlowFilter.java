package io.kubeipvs.netlink.conntrack;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.util.Optional;
import java.util.Set;

/**
 * Which flows: all named parts must match. The original direction is the one of the first packet
 * (client to virtual address), the reply direction the one of the first answer (real server to
 * client or masquerading node).
 *
 * @param spared flows that one of these answers do not match
 */
public record FlowFilter(
    AddressFamily family,
    Protocol protocol,
    Optional<IpAddress> originalDestination,
    int originalDestinationPort,
    Optional<IpAddress> replySource,
    int replySourcePort,
    Set<Answerer> spared) {

  /** Who sends the first answer. */
  public record Answerer(IpAddress address, int port) {}

  public FlowFilter {
    spared = Set.copyOf(spared);
  }

  /** Flows to that virtual address and port, wherever they went. Port 0 means every port. */
  public static FlowFilter to(Protocol protocol, IpAddress address, int port) {
    return new FlowFilter(
        address.family(), protocol, Optional.of(address), port, Optional.empty(), 0, Set.of());
  }

  /** Flows to that port of any address, as to a node port. */
  public static FlowFilter toPort(AddressFamily family, Protocol protocol, int port) {
    return new FlowFilter(family, protocol, Optional.empty(), port, Optional.empty(), 0, Set.of());
  }

  /** The same flows, but only those that that real server answers. Port 0 means every port. */
  public FlowFilter answeredBy(IpAddress server, int port) {
    Optional<IpAddress> answerer = Optional.of(server);
    return new FlowFilter(
        family, protocol, originalDestination, originalDestinationPort, answerer, port, spared);
  }

  /** The same flows without those that one of these answers. */
  public FlowFilter sparing(Set<Answerer> answerers) {
    return new FlowFilter(
        family,
        protocol,
        originalDestination,
        originalDestinationPort,
        replySource,
        replySourcePort,
        answerers);
  }

  /** Part by part. For many filters and flows {@link FlowMatcher} has an index. */
  public boolean matches(Flow flow) {
    return family == flow.family()
        && protocol.equals(flow.protocol())
        && originalDestination.stream().allMatch(flow.original().destination()::equals)
        && matches(originalDestinationPort, flow.original().destinationPort())
        && replySource.stream().allMatch(flow.reply().source()::equals)
        && matches(replySourcePort, flow.reply().sourcePort())
        && !spared.contains(answererOf(flow));
  }

  static Answerer answererOf(Flow flow) {
    return new Answerer(flow.reply().source(), flow.reply().sourcePort());
  }

  /** 0 means every port. */
  private static boolean matches(int wanted, int port) {
    return wanted == 0 || wanted == port;
  }

  /** As {@code conntrack} takes it, which cannot be told whom to spare. */
  @Override
  public String toString() {
    return "-p "
        + protocol.lowerCaseName()
        + originalDestination.map(address -> " --orig-dst " + address).orElse("")
        + (originalDestinationPort == 0 ? "" : " --orig-port-dst " + originalDestinationPort)
        + replySource.map(address -> " --reply-src " + address).orElse("")
        + (replySourcePort == 0 ? "" : " --reply-port-src " + replySourcePort);
  }
}
