package io.kubeipvs.proxy.check;

import io.kubeipvs.proxy.check.facts.NodeFacts;
import java.util.List;

/** Whether the kernel holds what the cluster asks for. */
final class DriftCheck implements Check {
  static final String ID = "drift";

  @Override
  public List<Finding> look(NodeFacts facts) {
    if (!facts.drift().isPresent()) {
      return List.of(
          Finding.of(
              ID,
              Severity.INFO,
              "what the cluster asks for is not known here, so it was not compared",
              facts.drift().missing()));
    }
    List<String> operations = facts.drift().value().orElseThrow();
    if (operations.isEmpty()) {
      return List.of(Finding.ok(ID, "the kernel holds what the cluster asks for"));
    }
    boolean runs = facts.processes().stream().anyMatch(OtherProxyCheck::isOurs);
    return List.of(
        Finding.of(
                ID,
                Severity.WARNING,
                "the kernel differs from what the cluster asks for: a sync would do "
                    + operations.size()
                    + " operations",
                operations)
            .remedy(
                runs
                    ? "kube-ipvs repairs that within its sync period; if it stays, see `kube-ipvs"
                        + " history` and who else writes"
                    : "start kube-ipvs; `kube-ipvs plan` shows all of it"));
  }
}
