package io.kubeipvs.proxy.inspect;

import io.kubeipvs.ipset.IpSets;
import io.kubeipvs.ipvs.Ipvs;
import io.kubeipvs.netlink.conntrack.Conntrack;
import io.kubeipvs.netlink.route.Routes;
import java.io.IOException;
import java.util.List;

/**
 * Opens the kernel's parts one by one, for reading. That one cannot be opened (no such module, no
 * privileges) says nothing of the others; the message of the exception says why.
 */
public interface KernelGates {
  Ipvs ipvs() throws IOException;

  IpSets sets() throws IOException;

  Routes routes() throws IOException;

  Conntrack conntrack() throws IOException;

  /** Of each family there is. */
  List<ToolRules> rules() throws IOException;
}
