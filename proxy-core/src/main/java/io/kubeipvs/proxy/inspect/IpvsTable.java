package io.kubeipvs.proxy.inspect;

import io.kubeipvs.ipvs.IpvsInfo;
import io.kubeipvs.ipvs.IpvsTimeouts;
import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.Statistics;
import io.kubeipvs.ipvs.VirtualService;
import java.util.List;

/**
 * The IPVS table with its counters.
 *
 * @param entries in the kernel's order
 */
public record IpvsTable(IpvsInfo info, IpvsTimeouts timeouts, List<Entry> entries) {
  public IpvsTable {
    entries = List.copyOf(entries);
  }

  /**
   * A virtual service.
   *
   * @param servers newest first
   */
  public record Entry(VirtualService service, Statistics statistics, List<ObservedServer> servers) {
    public Entry {
      servers = List.copyOf(servers);
    }
  }
}
