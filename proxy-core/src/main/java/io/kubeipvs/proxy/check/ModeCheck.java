package io.kubeipvs.proxy.check;

import io.kubeipvs.proxy.check.facts.Modules;
import io.kubeipvs.proxy.check.facts.NodeFacts;
import io.kubeipvs.proxy.config.KernelModules;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether Services are served in the mode that was asked for. */
final class ModeCheck implements Check {
  static final String ID = "mode";

  @Override
  public List<Finding> look(NodeFacts facts) {
    Optional<String> reason = facts.wanted().fallbackReason();
    return List.of(
        reason.isEmpty()
            ? Finding.ok(ID, "the mode is the one asked for", facts.wanted().mode().toString())
            : fallback(reason.get(), loadable(facts)));
  }

  private static Finding fallback(String reason, List<String> loadable) {
    Finding finding =
        Finding.of(
            ID,
            Severity.WARNING,
            "IPVS mode was asked for, and Services are served by iptables",
            reason);
    return loadable.isEmpty()
        ? finding.remedy(
            "a kernel with IPVS, then a restart of kube-ipvs; or --mode=iptables, if it is to stay"
                + " so")
        : finding
            .remedy("modprobe -a " + String.join(" ", loadable) + ", then a restart of kube-ipvs")
            .fix(new Fix.LoadModules(loadable));
  }

  private static List<String> loadable(NodeFacts facts) {
    return Stream.concat(KernelModules.NEEDED.stream(), Stream.of("ip_vs_rr"))
        .filter(name -> facts.modules().of(name) == Modules.State.LOADABLE)
        .toList();
  }
}
