package io.kubeipvs.proxy.explain;

import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.VirtualService;
import java.util.List;

/**
 * A virtual service of IPVS with its servers.
 *
 * @param servers in the kernel's order, the newest first
 */
record BalancedService(VirtualService service, List<ObservedServer> servers) {
  BalancedService {
    servers = List.copyOf(servers);
  }
}
