package io.kubeipvs.proxy.check;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.route.LinkAddress;
import io.kubeipvs.proxy.check.facts.Balancing;
import io.kubeipvs.proxy.check.facts.Network;
import io.kubeipvs.proxy.check.facts.NodeFacts;
import io.kubeipvs.proxy.config.Ipv6Forwarding;
import io.kubeipvs.proxy.config.Sysctl;
import java.util.ArrayList;
import java.util.List;

/** Whether IPv6 is forwarded where it is in use. */
final class Ipv6ForwardingCheck implements Check {
  static final String ID = "ipv6-forwarding";

  private static final String FORWARDING = "net/ipv6/conf/all/forwarding";

  @Override
  public List<Finding> look(NodeFacts facts) {
    boolean used =
        facts.balancing().map(Balancing::entries).value().orElse(List.of()).stream()
            .anyMatch(entry -> entry.service().key().family() == AddressFamily.IPV6);
    boolean addressed =
        facts.network().map(Network::nodeAddresses).value().orElse(List.of()).stream()
            .map(LinkAddress::address)
            .anyMatch(Ipv6ForwardingCheck::isGlobal);
    String evidence = facts.sysctls().shown(FORWARDING);
    if (!(used || addressed)) {
      return List.of();
    }
    if (!facts.sysctls().is(FORWARDING, 0)) {
      return List.of(Finding.ok(ID, "IPv6 is forwarded", evidence));
    }
    Finding finding =
        Finding.of(
                ID,
                used ? Severity.WARNING : Severity.INFO,
                "IPv6 is not forwarded: pods and outside clients do not reach Services over IPv6",
                evidence)
            .remedy("kube-ipvs run --ipv6-forwarding, which keeps router advertisements accepted");
    // Where no Service needs it, it is not ours to make a router of the node.
    return List.of(used ? finding.fix(new Fix.SetSysctls(switchingOn(facts))) : finding);
  }

  private static boolean isGlobal(IpAddress address) {
    return address.family() == AddressFamily.IPV6
        && !address.isLoopback()
        && !address.isLinkLocal();
  }

  private static List<Sysctl> switchingOn(NodeFacts facts) {
    List<Sysctl> sysctls = new ArrayList<>();
    facts.sysctls().values().forEach((key, value) -> accept(key, value, sysctls));
    sysctls.add(new Sysctl(FORWARDING, 1, "pods are on other interfaces"));
    return sysctls;
  }

  /** See {@link Ipv6Forwarding}: written before, or default routes are forgotten. */
  private static void accept(String key, String value, List<Sysctl> sysctls) {
    if (key.startsWith("net/ipv6/conf/") && key.endsWith("/accept_ra") && value.equals("1")) {
      sysctls.add(new Sysctl(key, 2, "router advertisements are accepted as before"));
    }
  }
}
