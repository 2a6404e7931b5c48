package io.kubeipvs.proxy.check;

import io.kubeipvs.proxy.check.facts.NodeFacts;
import io.kubeipvs.proxy.check.facts.Rules;
import java.util.ArrayList;
import java.util.List;

/** Whether there are iptables tools, which, and for which families. */
final class ToolsCheck implements Check {
  static final String ID = "iptables-tools";

  @Override
  public List<Finding> look(NodeFacts facts) {
    if (!facts.rules().isPresent()) {
      boolean none = facts.rules().missing().contains("not found");
      return List.of(
          none
              ? Finding.of(
                      ID,
                      Severity.ERROR,
                      "there are no iptables tools: nothing can be masqueraded or filtered",
                      facts.rules().missing())
                  .remedy("install the package iptables")
              : Finding.unknown(ID, "the packet filter", facts.rules().missing()));
    }
    Rules rules = facts.rules().value().orElseThrow();
    List<String> shown =
        rules.views().stream()
            .map(view -> view.program() + " " + view.version())
            .distinct()
            .toList();
    List<Finding> findings = new ArrayList<>();
    findings.add(Finding.of(ID, Severity.OK, "the proxy would use " + rules.chosen(), shown));
    findings.addAll(ServedFamilies.look(rules, facts));
    return findings;
  }
}
