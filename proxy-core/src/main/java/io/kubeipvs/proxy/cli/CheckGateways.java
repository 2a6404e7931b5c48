package io.kubeipvs.proxy.cli;

import io.kubeipvs.ipset.IpSets;
import io.kubeipvs.ipset.netlink.NetlinkIpSets;
import io.kubeipvs.ipvs.Ipvs;
import io.kubeipvs.ipvs.netlink.NetlinkIpvs;
import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.netlink.route.NetlinkRoutes;
import io.kubeipvs.netlink.route.Routes;
import io.kubeipvs.proxy.check.facts.Gateways;
import java.io.IOException;

/** This machine's kernel, for a look. */
final class CheckGateways implements Gateways {
  @Override
  public Ipvs ipvs() throws IOException {
    return NetlinkIpvs.open(NetlinkTrace.NONE);
  }

  @Override
  public IpSets sets() throws IOException {
    return NetlinkIpSets.open(NetlinkTrace.NONE);
  }

  @Override
  public Routes routes() throws IOException {
    return NetlinkRoutes.open(NetlinkTrace.NONE);
  }
}
