package io.kubeipvs.proxy.check;

import io.kubeipvs.proxy.check.facts.NodeFacts;
import io.kubeipvs.proxy.check.facts.Sysctls;
import io.kubeipvs.proxy.config.ProxyMode;
import io.kubeipvs.proxy.config.Sysctl;
import io.kubeipvs.proxy.config.SysctlPlan;
import java.util.ArrayList;
import java.util.List;

/** Whether the settings the proxy makes when it starts are still in force. */
final class SysctlCheck implements Check {
  static final String ID = "sysctl";

  /** More than a setting of IPVS: looked at by itself. */
  private static final String FORWARDING = "net/ipv4/ip_forward";

  @Override
  public List<Finding> look(NodeFacts facts) {
    if (facts.version().isEmpty()) {
      return List.of();
    }
    Sysctls there = facts.sysctls();
    boolean ipvs = facts.wanted().mode() == ProxyMode.IPVS;
    List<Sysctl> planned =
        ipvs
            ? SysctlPlan.of(facts.version().get(), facts.wanted().strictArp())
            : SysctlPlan.ofIptables(
                facts.wanted().localhostNodePorts(), facts.wanted().strictArp());
    List<Finding> findings = new ArrayList<>();
    List<String> right = new ArrayList<>();
    for (Sysctl sysctl : planned) {
      if (there.is(sysctl.key(), sysctl.value())) {
        right.add(sysctl.toString());
      } else if (there.text(sysctl.key()).isPresent()) {
        findings.add(wrong(sysctl, there));
      }
    }
    if (ipvs && there.values().keySet().stream().noneMatch(key -> key.startsWith("net/ipv4/vs/"))) {
      findings.add(
          Finding.of(
              ID, Severity.INFO, "there are no settings of IPVS before its module is loaded"));
    }
    return findings.isEmpty()
        ? List.of(
            Finding.ok(ID, "the settings the proxy makes are in force", String.join(", ", right)))
        : findings;
  }

  private static Finding wrong(Sysctl sysctl, Sysctls there) {
    boolean forwarding = sysctl.key().equals(FORWARDING);
    return Finding.of(
            ID,
            forwarding ? Severity.ERROR : Severity.WARNING,
            forwarding
                ? "packets are not forwarded: no Service reaches a pod"
                : Sysctls.name(sysctl.key()) + " has another value than the proxy gives it",
            there.shown(sysctl.key()),
            "wanted: " + sysctl.value() + ", because " + sysctl.reason())
        .remedy("sysctl -w " + Sysctls.name(sysctl.key()) + "=" + sysctl.value())
        .fix(new Fix.SetSysctls(List.of(sysctl)));
  }
}
