package io.kubeipvs.proxy.check;

import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.proxy.check.facts.NodeFacts;
import io.kubeipvs.proxy.check.facts.Rules;
import java.util.List;

/** A setting that node ports on loopback need, in iptables mode, and that IPVS has no use for. */
final class LocalnetCheck implements Check {
  static final String ID = "route-localnet";

  private static final String ALL = "net/ipv4/conf/all/route_localnet";

  @Override
  public List<Finding> look(NodeFacts facts) {
    String evidence = facts.sysctls().shown(ALL);
    if (!facts.sysctls().is(ALL, 1)) {
      return facts.sysctls().text(ALL).isEmpty()
          ? List.of()
          : List.of(Finding.ok(ID, "127.0.0.0/8 is this machine's alone", evidence));
    }
    boolean guarded =
        facts.rules().map(Rules::views).value().orElse(List.of()).stream()
            .map(Rules.View::saved)
            .anyMatch(LocalnetCheck::dropsMartians);
    if (guarded && facts.wanted().localhostNodePorts()) {
      return List.of(
          Finding.ok(ID, "node ports are served on 127.0.0.0/8, and neighbours are not", evidence));
    }
    return List.of(
        Finding.of(
                ID,
                guarded ? Severity.INFO : Severity.WARNING,
                "neighbours of this machine can send to what listens on 127.0.0.1"
                    + (guarded ? ", but for a rule of KUBE-FIREWALL" : ""),
                evidence)
            .remedy(
                facts.wanted().localhostNodePorts()
                    ? "start kube-ipvs, whose rule keeps them out"
                    : "sysctl -w net.ipv4.conf.all.route_localnet=0, if no hostPort needs it: node"
                        + " ports do not, as they are not served on 127.0.0.0/8"));
  }

  private static boolean dropsMartians(SavedRules rules) {
    return rules.tables().values().stream()
        .flatMap(table -> table.rules("KUBE-FIREWALL").stream())
        .anyMatch(rule -> rule.contains("127.0.0.0/8") && rule.contains("DROP"));
  }
}
