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
    flows.removeIf(flow -> filters.stream().anyMatch(filter -> filter.matches(flow)));
    return before - flows.size();
  }

  @Override
  public void close() {}
}
