package io.kubeipvs.proxy.check;

import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.proxy.check.facts.NodeFacts;
import io.kubeipvs.proxy.check.facts.Rules;
import java.util.List;

/** A setting that kube-proxy makes in other modes, and that IPVS has no use for. */
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
    return List.of(
        Finding.of(
                ID,
                guarded ? Severity.INFO : Severity.WARNING,
                "neighbours of this machine can send to what listens on 127.0.0.1"
                    + (guarded ? ", but for a rule of kubelet's" : "")
                    + "; IPVS has no use for that",
                evidence)
            .remedy("sysctl -w net.ipv4.conf.all.route_localnet=0, if no hostPort needs it"));
  }

  private static boolean dropsMartians(SavedRules rules) {
    return rules.tables().values().stream()
        .flatMap(table -> table.rules("KUBE-FIREWALL").stream())
        .anyMatch(rule -> rule.contains("127.0.0.0/8") && rule.contains("DROP"));
  }
}
