package io.kubeipvs.proxy.check;

import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.proxy.check.facts.NodeFacts;
import io.kubeipvs.proxy.check.facts.Rules;
import java.util.ArrayList;
import java.util.List;

/** Chains of a kube-proxy in iptables mode, which translate before IPVS sees anything. */
final class LeftoverRulesCheck implements Check {
  static final String ID = "leftover-rules";

  private static final List<String> OTHER_MODES =
      List.of("KUBE-SVC-", "KUBE-SEP-", "KUBE-FW-", "KUBE-XLB-", "KUBE-EXT-", "KUBE-SVL-");

  @Override
  public List<Finding> look(NodeFacts facts) {
    if (!facts.rules().isPresent()) {
      return List.of();
    }
    List<String> found = new ArrayList<>();
    for (Rules.View view : facts.rules().value().orElseThrow().views()) {
      List<String> chains = chains(view.saved());
      if (!chains.isEmpty()) {
        found.add("%s: %d chains, %s ...".formatted(view.program(), chains.size(), chains.get(0)));
      }
    }
    boolean ipvs = facts.balancing().map(table -> !table.entries().isEmpty()).value().orElse(false);
    if (found.isEmpty()) {
      return List.of(Finding.ok(ID, "no rules of another mode are left"));
    }
    return List.of(
        Finding.of(
                ID,
                ipvs ? Severity.WARNING : Severity.INFO,
                ipvs
                    ? "rules of a kube-proxy in iptables mode are left: they translate packets before"
                        + " IPVS sees them, to servers that may be gone"
                    : "a kube-proxy in iptables mode serves here, or served",
                found)
            .remedy("stop that kube-proxy, then run `kube-proxy --cleanup` of its image"));
  }

  private static List<String> chains(SavedRules rules) {
    return rules.tables().values().stream()
        .flatMap(table -> table.chains().keySet().stream())
        .filter(name -> OTHER_MODES.stream().anyMatch(name::startsWith))
        .toList();
  }
}
