package io.kubeipvs.proxy.check;

import io.kubeipvs.proxy.check.facts.NodeFacts;
import io.kubeipvs.proxy.config.KernelVersion;
import io.kubeipvs.proxy.config.SysctlPlan;
import java.util.List;

/**
 * What becomes of a client port that is used again: the kernel's age and {@code conn_reuse_mode}
 * decide together. kube-router and older kube-proxies set 0 on any kernel.
 */
final class PortReuseCheck implements Check {
  static final String ID = "port-reuse";

  private static final String MODE = "net/ipv4/vs/conn_reuse_mode";

  @Override
  public List<Finding> look(NodeFacts facts) {
    if (facts.version().isEmpty() || facts.sysctls().text(MODE).isEmpty()) {
      return List.of();
    }
    KernelVersion version = facts.version().get();
    String evidence = facts.sysctls().shown(MODE);
    if (!version.isBefore(5, 9) && facts.sysctls().is(MODE, 0)) {
      return List.of(
          Finding.of(
                  ID,
                  Severity.WARNING,
                  "connections from client ports used before go where the former one went, also to"
                      + " servers that drain",
                  evidence,
                  "kernel " + version + " handles reused ports without delay with mode 1")
              .remedy("sysctl -w net.ipv4.vs.conn_reuse_mode=1, and find out who sets 0"));
    }
    return List.of(Finding.ok(ID, SysctlPlan.connReuseReason(version), evidence));
  }
}
