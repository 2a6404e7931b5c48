package io.kubeipvs.proxy.inspect.memory;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.conntrack.Conntrack;
import io.kubeipvs.netlink.conntrack.Flow;
import io.kubeipvs.netlink.conntrack.FlowFilter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Tracked flows. */
final class MemoryConntrack implements Conntrack {
  private final List<Flow> flows;

  MemoryConntrack(List<Flow> flows) {
    this.flows = new ArrayList<>(flows);
  }

  List<Flow> all() {
    return List.copyOf(flows);
  }

  @Override
  public List<Flow> flows(AddressFamily family, Protocol protocol) {
    return flows.stream()
        .filter(flow -> flow.family() == family && flow.protocol().equals(protocol))
        .toList();
  }

  @Override
  public int delete(Collection<FlowFilter> filters) {
    int before = flows.size();
    flows.removeIf(flow -> filters.stream().anyMatch(filter -> matches(filter, flow)));
    return before - flows.size();
  }

  private static boolean matches(FlowFilter filter, Flow flow) {
    return filter.family() == flow.family()
        && filter.protocol().equals(flow.protocol())
        && filter.originalDestination().stream().allMatch(flow.original().destination()::equals)
        && matches(filter.originalDestinationPort(), flow.original().destinationPort())
        && filter.replySource().stream().allMatch(flow.reply().source()::equals)
        && matches(filter.replySourcePort(), flow.reply().sourcePort());
  }

  /** 0 means every port. */
  private static boolean matches(int wanted, int port) {
    return wanted == 0 || wanted == port;
  }

  @Override
  public void close() {}
}
