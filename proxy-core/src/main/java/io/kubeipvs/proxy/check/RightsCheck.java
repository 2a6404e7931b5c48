package io.kubeipvs.proxy.check;

import io.kubeipvs.proxy.check.facts.NodeFacts;
import io.kubeipvs.proxy.check.facts.Rights;
import java.util.ArrayList;
import java.util.List;

/** Whether this process may do what the proxy does. */
final class RightsCheck implements Check {
  static final String ID = "rights";

  @Override
  public List<Finding> look(NodeFacts facts) {
    Rights rights = facts.rights();
    String evidence = "CapEff: %016x".formatted(rights.capabilities());
    List<Finding> findings = new ArrayList<>();
    if (!rights.has(Rights.NET_ADMIN)) {
      findings.add(
          Finding.of(
                  ID,
                  Severity.ERROR,
                  "the capability NET_ADMIN is missing: the kernel's tables can be neither read nor"
                      + " written",
                  evidence)
              .remedy(
                  "run as root, or give the container securityContext.capabilities.add:"
                      + " [NET_ADMIN]"));
    } else if (!rights.has(Rights.NET_RAW)) {
      findings.add(
          Finding.of(
                  ID,
                  Severity.WARNING,
                  "the capability NET_RAW is missing: legacy iptables do not work without",
                  evidence)
              .remedy("securityContext.capabilities.add: [NET_ADMIN, NET_RAW]"));
    }
    if (!rights.writesSysctls()) {
      findings.add(
          Finding.of(
                  ID,
                  Severity.INFO,
                  "settings of the kernel cannot be changed from here",
                  "/proc/sys is read-only")
              .remedy("let a privileged init container run `kube-ipvs run --init-only`"));
    }
    return findings.isEmpty()
        ? List.of(Finding.ok(ID, "this process may do what the proxy does", evidence))
        : findings;
  }
}
