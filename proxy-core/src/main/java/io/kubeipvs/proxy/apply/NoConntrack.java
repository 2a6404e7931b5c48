package io.kubeipvs.proxy.apply;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.conntrack.Conntrack;
import io.kubeipvs.netlink.conntrack.Flow;
import io.kubeipvs.netlink.conntrack.FlowFilter;
import java.util.Collection;
import java.util.List;

/** A kernel that does not show its flows: they end when their clients were silent long enough. */
public final class NoConntrack implements Conntrack {
  @Override
  public List<Flow> flows(AddressFamily family, Protocol protocol) {
    return List.of();
  }

  @Override
  public int delete(Collection<FlowFilter> filters) {
    return 0;
  }

  @Override
  public void close() {}
}
