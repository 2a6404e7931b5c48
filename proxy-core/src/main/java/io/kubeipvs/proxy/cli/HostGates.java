package io.kubeipvs.proxy.cli;

import io.kubeipvs.ipset.IpSets;
import io.kubeipvs.ipset.netlink.NetlinkIpSets;
import io.kubeipvs.iptables.Iptables;
import io.kubeipvs.iptables.IptablesException;
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
      throw KernelLack.ofIpvs(e)
          ? new IOException("this kernel has no IPVS (" + e.getMessage() + ")", e)
          : e;
    }
  }

  @Override
  public IpSets sets() throws IOException {
    requireNetAdmin();
    try {
      return NetlinkIpSets.open(NetlinkTrace.NONE);
    } catch (IOException e) {
      throw KernelLack.ofSets(e)
          ? new IOException("this kernel has no IP sets (" + e.getMessage() + ")", e)
          : e;
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
    Map<AddressFamily, Iptables> tools = tools().iptables();
    List<ToolRules> rules = new ArrayList<>();
    IptablesException refusal = null;
    for (AddressFamily family : AddressFamily.values()) {
      if (tools.get(family) instanceof IptablesTools tool) {
        try {
          rules.add(rules(family, tool));
        } catch (IptablesException e) {
          refusal = e; // not a family that the proxy can serve
        }
      }
    }
    if (rules.isEmpty() && refusal != null) {
      throw refusal;
    }
    return rules;
  }

  private static ToolRules rules(AddressFamily family, IptablesTools tool) throws IOException {
    String name = tool.program() + " " + tool.version();
    return new ToolRules(family, name, tool.version().hasRandomFully(), tool.saveWithCounters());
  }

  private static Tools tools() throws IOException {
    try {
      return Tools.look();
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
