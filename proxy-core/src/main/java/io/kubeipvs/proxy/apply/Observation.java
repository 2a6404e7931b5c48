package io.kubeipvs.proxy.apply;

import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import java.util.List;
import java.util.Map;

/**
 * A full look at the kernel.
 *
 * @param nodeAddresses addresses on all links but our own device
 */
public record Observation(
    KernelMirror mirror, Map<AddressFamily, SavedRules> rules, List<IpAddress> nodeAddresses) {
  public Observation {
    rules = Map.copyOf(rules);
    nodeAddresses = List.copyOf(nodeAddresses);
  }
}
