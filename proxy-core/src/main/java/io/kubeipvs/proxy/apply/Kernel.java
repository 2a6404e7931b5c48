package io.kubeipvs.proxy.apply;

import io.kubeipvs.ipset.IpSets;
import io.kubeipvs.iptables.Iptables;
import io.kubeipvs.ipvs.Ipvs;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.conntrack.Conntrack;
import io.kubeipvs.netlink.route.Routes;
import java.io.Closeable;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The gateways to one network namespace, one for each part of the kernel we use. */
public record Kernel(
    Ipvs ipvs,
    IpSets sets,
    Routes routes,
    Conntrack conntrack,
    Map<AddressFamily, Iptables> iptables)
    implements Closeable {

  public Kernel {
    iptables = Collections.unmodifiableMap(new TreeMap<>(iptables)); // IPv4 first, at every start
  }

  @Override
  public void close() throws IOException {
    IOException first = null;
    for (AutoCloseable gateway : List.of(ipvs, sets, routes, conntrack)) {
      try {
        gateway.close();
      } catch (Exception e) {
        first = first == null ? new IOException(e) : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
