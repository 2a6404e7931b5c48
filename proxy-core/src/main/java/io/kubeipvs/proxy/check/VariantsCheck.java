package io.kubeipvs.proxy.check;

import io.kubeipvs.proxy.check.facts.NodeFacts;
import io.kubeipvs.proxy.check.facts.Rules;
import java.util.ArrayList;
import java.util.List;

/**
 * Two kinds of iptables in one kernel do not see each other's rules, but packets pass both: what
 * one accepts, masquerades or drops happens whatever the other says.
 */
final class VariantsCheck implements Check {
  static final String ID = "iptables-variants";

  @Override
  public List<Finding> look(NodeFacts facts) {
    if (!facts.rules().isPresent()) {
      return List.of();
    }
    Rules rules = facts.rules().value().orElseThrow();
    List<String> legacy = counts(rules, true);
    List<String> nft = counts(rules, false);
    if (legacy.isEmpty() || nft.isEmpty()) {
      return List.of(unseen(rules, nft));
    }
    List<String> evidence = new ArrayList<>(nft);
    evidence.addAll(legacy);
    boolean kube = hasOurs(rules, true) && hasOurs(rules, false);
    return List.of(
        Finding.of(
                ID,
                kube ? Severity.ERROR : Severity.WARNING,
                kube
                    ? "rules of Kubernetes are in both kinds of iptables: packets pass them twice"
                    : "there are rules of both kinds of iptables, legacy and nft; packets pass both",
                evidence)
            .remedy(
                "let all software on the node use "
                    + rules.chosen()
                    + "; look at the rest with `"
                    + other(rules)
                    + "-save`, then flush it or restart the node"));
  }

  /** There may be legacy rules that no tool here can show. */
  private static Finding unseen(Rules rules, List<String> nft) {
    boolean legacyTool = rules.views().stream().anyMatch(Rules.View::isLegacy);
    if (!legacyTool && !rules.legacyTables().isEmpty() && !nft.isEmpty()) {
      return Finding.of(
              ID,
              Severity.INFO,
              "the kernel has legacy tables, and there is no tool here to look into them",
              "tables " + rules.legacyTables())
          .remedy("install iptables-legacy to see whether they are empty");
    }
    return Finding.ok(ID, "all rules are of one kind", rules.chosen());
  }

  private static String other(Rules rules) {
    return rules.chosen().contains("legacy") ? "iptables-nft" : "iptables-legacy";
  }

  private static List<String> counts(Rules rules, boolean legacy) {
    return rules.views().stream()
        .filter(view -> view.isLegacy() == legacy && view.saved().ruleCount() > 0)
        .map(view -> view.program() + ": " + view.saved().ruleCount() + " rules")
        .toList();
  }

  private static boolean hasOurs(Rules rules, boolean legacy) {
    return rules.views().stream()
        .filter(view -> view.isLegacy() == legacy)
        .anyMatch(view -> view.saved().hasChain("KUBE-SERVICES"));
  }
}
