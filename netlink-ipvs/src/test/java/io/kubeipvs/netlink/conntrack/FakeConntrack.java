package io.kubeipvs.netlink.conntrack;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.Protocol;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Flows in memory; {@code ConntrackContract} holds it to what the kernel does. */
public final class FakeConntrack implements Conntrack {
  private final List<Flow> flows = new ArrayList<>();
  private final List<FlowFilter> deletions = new ArrayList<>();

  /** What a packet through the kernel does. A direction in a zone belongs to one flow. */
  public void track(Flow flow) {
    if (flows.stream().anyMatch(f -> isSame(f, flow))) {
      throw new IllegalArgumentException("tracked already: " + flow);
    }
    flows.add(flow);
  }

  private static boolean isSame(Flow one, Flow other) {
    return one.zone() == other.zone()
        && one.protocol().equals(other.protocol())
        && (one.original().equals(other.original()) || one.reply().equals(other.reply()));
  }

  /** The filters of all deletions so far, in order. */
  public List<FlowFilter> deletions() {
    return List.copyOf(deletions);
  }

  @Override
  public List<Flow> flows(AddressFamily family, Protocol protocol) {
    return flows.stream()
        .filter(flow -> flow.family() == family && flow.protocol().equals(protocol))
        .toList();
  }

  @Override
  public int delete(Collection<FlowFilter> filters) {
    deletions.addAll(filters);
    int before = flows.size();
    flows.removeIf(flow -> filters.stream().anyMatch(filter -> filter.matches(flow)));
    return before - flows.size();
  }

  @Override
  public void close() throws IOException {}
}
