package io.kubeipvs.proxy.check;

import io.kubeipvs.netlink.route.Link;
import io.kubeipvs.proxy.check.facts.Network;
import io.kubeipvs.proxy.check.facts.NodeFacts;
import io.kubeipvs.proxy.check.facts.Sysctls;
import io.kubeipvs.proxy.config.Sysctl;
import java.util.List;

/**
 * A pod that asks a Service and is given a server on its own bridge gets the answer straight from
 * it, past connection tracking, and takes it for a stranger's. Unless bridged packets pass there.
 */
final class BridgeCheck implements Check {
  static final String ID = "bridge-netfilter";

  private static final String SWITCH = "net/bridge/bridge-nf-call-iptables";
  private static final List<String> POD_BRIDGES = List.of("cni", "cbr", "kube-bridge", "flannel");

  @Override
  public List<Finding> look(NodeFacts facts) {
    List<String> bridges =
        facts.network().map(Network::links).value().orElse(List.of()).stream()
            .filter(link -> link.kind().equals("bridge") && link.up())
            .map(Link::name)
            .toList();
    if (bridges.isEmpty()) {
      return List.of();
    }
    Sysctls sysctls = facts.sysctls();
    String evidence = "bridges " + bridges + ", " + sysctls.shown(SWITCH);
    if (sysctls.is(SWITCH, 1)) {
      return List.of(Finding.ok(ID, "bridged packets pass the packet filter", evidence));
    }
    boolean ofPods =
        bridges.stream().anyMatch(name -> POD_BRIDGES.stream().anyMatch(name::startsWith));
    Finding finding =
        Finding.of(
                ID,
                ofPods ? Severity.WARNING : Severity.INFO,
                "pods on one bridge do not reach each other by Services: answers go past connection"
                    + " tracking",
                evidence)
            .remedy("modprobe br_netfilter; sysctl -w net.bridge.bridge-nf-call-iptables=1");
    boolean fixable = ofPods && sysctls.text(SWITCH).isPresent();
    return List.of(
        fixable
            ? finding.fix(
                new Fix.SetSysctls(
                    List.of(new Sysctl(SWITCH, 1, "pods on one bridge reach each other"))))
            : finding);
  }
}
