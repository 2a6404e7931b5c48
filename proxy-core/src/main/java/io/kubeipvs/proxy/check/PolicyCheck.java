package io.kubeipvs.proxy.check;

import io.kubeipvs.iptables.SavedChain;
import io.kubeipvs.iptables.SavedTable;
import io.kubeipvs.iptables.Table;
import io.kubeipvs.proxy.check.facts.NodeFacts;
import io.kubeipvs.proxy.check.facts.Rules;
import java.util.ArrayList;
import java.util.List;

/** Packets to a VIP pass INPUT before IPVS takes them, and FORWARD afterwards. */
final class PolicyCheck implements Check {
  static final String ID = "filter-policy";

  @Override
  public List<Finding> look(NodeFacts facts) {
    if (!facts.rules().isPresent()) {
      return List.of();
    }
    List<Finding> findings = new ArrayList<>();
    for (Rules.View view : facts.rules().value().orElseThrow().views()) {
      SavedTable filter = view.saved().table(Table.FILTER);
      if (drops(filter, "INPUT")) {
        findings.add(
            Finding.of(
                    ID,
                    Severity.WARNING,
                    "INPUT drops what no rule accepts: packets to VIPs and node ports pass it"
                        + " before IPVS takes them",
                    view.program() + ": filter INPUT has the policy DROP")
                .remedy("accept the ports of Services in INPUT, or let its policy be ACCEPT"));
      }
      if (drops(filter, "FORWARD") && !view.saved().hasChain("KUBE-FORWARD")) {
        findings.add(
            Finding.of(
                    ID,
                    Severity.WARNING,
                    "FORWARD drops what no rule accepts, and there is no KUBE-FORWARD: packets to"
                        + " pods are lost",
                    view.program() + ": filter FORWARD has the policy DROP (Docker sets that)")
                .remedy("start the proxy, whose rules accept what it forwards"));
      }
    }
    return findings.isEmpty()
        ? List.of(Finding.ok(ID, "no policy of the packet filter drops what Services need"))
        : findings;
  }

  private static boolean drops(SavedTable filter, String chain) {
    SavedChain saved = filter.chains().get(chain);
    return saved != null && saved.policy().equals("DROP");
  }
}
