package io.kubeipvs.proxy.cli;

import io.kubeipvs.ipset.IpSets;
import io.kubeipvs.ipset.netlink.NetlinkIpSets;
import io.kubeipvs.iptables.Iptables;
import io.kubeipvs.iptables.IptablesTools;
import io.kubeipvs.ipvs.Ipvs;
import io.kubeipvs.ipvs.netlink.NetlinkIpvs;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.netlink.conntrack.Conntrack;
import io.kubeipvs.netlink.conntrack.NetlinkConntrack;
import io.kubeipvs.netlink.route.NetlinkRoutes;
import io.kubeipvs.netlink.route.Routes;
import io.kubeipvs.proxy.inspect.KernelGates;
import io.kubeipvs.proxy.inspect.ToolRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Into the kernel of this machine, for commands that look at it. Loads no module. */
final class HostGates implements KernelGates {
  @Override
  public Ipvs ipvs() throws IOException {
    requireNetAdmin();
    try {
      return NetlinkIpvs.open(NetlinkTrace.NONE);
    } catch (IOException e) {
      throw new IOException("this kernel has no IPVS (" + e.getMessage() + ")", e);
    }
  }

  @Override
  public IpSets sets() throws IOException {
    requireNetAdmin();
    try {
      return NetlinkIpSets.open(NetlinkTrace.NONE);
    } catch (IOException e) {
      throw new IOException("this kernel has no IP sets (" + e.getMessage() + ")", e);
    }
  }

  @Override
  public Routes routes() throws IOException {
    return NetlinkRoutes.open(NetlinkTrace.NONE);
  }

  @Override
  public Conntrack conntrack() throws IOException {
    requireNetAdmin();
    return NetlinkConntrack.open(NetlinkTrace.NONE);
  }

  @Override
  public List<ToolRules> rules() throws IOException {
    requireNetAdmin();
    List<ToolRules> rules = new ArrayList<>();
    for (Map.Entry<AddressFamily, Iptables> each : tools().iptables().entrySet()) {
      IptablesTools tool = (IptablesTools) each.getValue();
      String name = tool.program() + " " + tool.version();
      rules.add(
          new ToolRules(
              each.getKey(), name, tool.version().hasRandomFully(), tool.saveWithCounters()));
    }
    return rules;
  }

  private static Tools tools() throws IOException {
    try {
      return Tools.open();
    } catch (StartupException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static void requireNetAdmin() throws IOException {
    if (!KernelGateways.hasNetAdmin(Files.readAllLines(Path.of("/proc/self/status")))) {
      throw new IOException("the capability NET_ADMIN is missing: run this as root");
    }
  }
}
