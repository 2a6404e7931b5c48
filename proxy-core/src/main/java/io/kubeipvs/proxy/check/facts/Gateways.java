package io.kubeipvs.proxy.check.facts;

import io.kubeipvs.ipset.IpSets;
import io.kubeipvs.ipvs.Ipvs;
import io.kubeipvs.netlink.route.Routes;
import java.io.IOException;

/** Opens parts of the kernel for reading; the message of an exception says why one cannot be. */
public interface Gateways {
  Ipvs ipvs() throws IOException;

  IpSets sets() throws IOException;

  Routes routes() throws IOException;
}
