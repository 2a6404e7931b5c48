package io.kubeipvs.proxy.explain;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.conntrack.Flow;
import java.util.List;
import java.util.Optional;

/** What connection tracking knows of connections that are there already. */
final class Tracked {
  private final List<Flow> flows;

  Tracked(List<Flow> flows) {
    this.flows = flows;
  }

  /** The flow of exactly this client's port. */
  Optional<Flow> flow(Packet packet) {
    return packet.sourcePort() == 0
        ? Optional.empty()
        : flows.stream()
            .filter(flow -> flow.protocol().equals(packet.protocol()))
            .filter(flow -> flow.original().source().equals(packet.source()))
            .filter(flow -> flow.original().sourcePort() == packet.sourcePort())
            .filter(flow -> flow.original().destination().equals(packet.destination()))
            .filter(flow -> flow.original().destinationPort() == packet.port())
            .findFirst();
  }

  /** Flows of this client to that place, from whichever port. */
  List<Flow> flows(Packet packet) {
    return flows.stream()
        .filter(flow -> flow.protocol().equals(packet.protocol()))
        .filter(flow -> flow.original().source().equals(packet.source()))
        .filter(flow -> flow.original().destination().equals(packet.destination()))
        .filter(flow -> flow.original().destinationPort() == packet.port())
        .toList();
  }

  /** A packet of a known flow is established; rules of nat do not see it any more. */
  Packet apply(Packet packet) {
    return flow(packet).isPresent() ? packet.in(Packet.State.ESTABLISHED) : packet;
  }

  /** What the flow remembers of its destination, where a rule of nat changed it. */
  Branch toDestination(Branch branch) {
    Optional<Flow> flow = original(branch.packet());
    if (flow.isEmpty() || isSeenBy(flow.get(), branch.packet().destination())) {
      return branch;
    }
    IpAddress server = flow.get().reply().source();
    int port = flow.get().reply().sourcePort();
    return branch
        .with(branch.packet().translatedTo(server, port))
        .step("conntrack", "its flow goes on to " + server.withPort(port), flow.get().toString());
  }

  private static boolean isSeenBy(Flow flow, IpAddress destination) {
    return flow.reply().source().equals(destination);
  }

  /** What the flow remembers of its source. */
  Branch fromSource(Branch branch) {
    Optional<Flow> flow = original(branch.packet());
    if (flow.isEmpty() || flow.get().reply().destination().equals(branch.packet().source())) {
      return branch;
    }
    IpAddress seenAs = flow.get().reply().destination();
    return branch
        .masqueraded(
            new Branch.Masquerade(Optional.of(seenAs), "its flow: " + flow.get()),
            branch.packet().translatedFrom(seenAs))
        .step("conntrack", "its flow goes on as " + seenAs, flow.get().toString());
  }

  private Optional<Flow> original(Packet packet) {
    return flow(
        Packet.of(
            packet.protocol(),
            packet.tracking().originalSource(),
            packet.sourcePort(),
            packet.tracking().originalDestination(),
            packet.tracking().originalPort()));
  }
}
