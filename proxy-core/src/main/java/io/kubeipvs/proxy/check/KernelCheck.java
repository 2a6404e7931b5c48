package io.kubeipvs.proxy.check;

import io.kubeipvs.proxy.check.facts.NodeFacts;
import io.kubeipvs.proxy.config.KernelVersion;
import java.util.List;
import java.util.Optional;

/** Whether the kernel is of an age that we know. */
final class KernelCheck implements Check {
  static final String ID = "kernel";

  @Override
  public List<Finding> look(NodeFacts facts) {
    Optional<KernelVersion> version = facts.version();
    if (version.isEmpty()) {
      return List.of(Finding.unknown(ID, "the kernel's version", "'" + facts.release() + "'"));
    }
    String evidence = "kernel " + facts.release();
    if (version.get().isBefore(4, 19)) {
      return List.of(
          Finding.of(
                  ID,
                  Severity.WARNING,
                  "the kernel is older than what this proxy is tested on; connection tracking of"
                      + " IPv4 is a module of its own there, nf_conntrack_ipv4",
                  evidence)
              .remedy("use a kernel of 4.19 or later"));
    }
    return List.of(Finding.ok(ID, "the kernel is of an age that is known", evidence));
  }
}
