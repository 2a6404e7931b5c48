package io.kubeipvs.proxy.check;

import io.kubeipvs.ipset.ObservedSet;
import io.kubeipvs.ipset.SetHeader;
import io.kubeipvs.proxy.check.facts.Modules.State;
import io.kubeipvs.proxy.check.facts.Network;
import io.kubeipvs.proxy.check.facts.NodeFacts;
import io.kubeipvs.proxy.config.KernelModules;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Whether the kernel has everything the proxy writes to. */
final class ModulesCheck implements Check {
  static final String ID = "modules";

  /** What the proxy does not start, or does not serve, without. */
  static final List<String> NEEDED = KernelModules.NEEDED;

  @Override
  public List<Finding> look(NodeFacts facts) {
    List<Finding> findings = new ArrayList<>();
    List<String> absent = among(facts, State.ABSENT);
    List<String> loadable = among(facts, State.LOADABLE);
    List<String> unknown = among(facts, State.UNKNOWN);
    if (!absent.isEmpty()) {
      findings.add(
          Finding.of(
                  ID,
                  Severity.ERROR,
                  "this kernel lacks modules the proxy needs",
                  "not in /lib/modules/" + facts.release() + ": " + String.join(", ", absent))
              .remedy(
                  "install the kernel's package of further modules (linux-modules-extra,"
                      + " kernel-modules-extra), or use another kernel"));
    }
    if (!loadable.isEmpty()) {
      findings.add(notLoaded("modules the proxy needs are not loaded", loadable));
    }
    if (!unknown.isEmpty()) {
      findings.add(
          Finding.of(
                  ID,
                  Severity.INFO,
                  "modules are not loaded, and from here it cannot be told whether the kernel has"
                      + " them",
                  "not in /sys/module: " + String.join(", ", unknown),
                  "there is no /lib/modules/" + facts.release() + " here")
              .remedy("mount the node's /lib/modules into the container, read-only"));
    }
    return findings.isEmpty()
        ? List.of(Finding.ok(ID, "all modules are there", String.join(", ", NEEDED)))
        : findings;
  }

  static Finding notLoaded(String reason, List<String> names) {
    return Finding.of(ID, Severity.WARNING, reason, "could be loaded: " + String.join(", ", names))
        .remedy("modprobe -a " + String.join(" ", names))
        .fix(new Fix.LoadModules(names));
  }

  /** A module that is built in shows by what it does, if by nothing else. */
  private static List<String> among(NodeFacts facts, State state) {
    return NEEDED.stream()
        .filter(name -> facts.modules().of(name) == state)
        .filter(name -> !isAtWork(name, facts))
        .toList();
  }

  private static boolean isAtWork(String module, NodeFacts facts) {
    return switch (module) {
      case "ip_vs" -> facts.balancing().isPresent();
      case "nf_conntrack" -> facts.sysctls().text("net/netfilter/nf_conntrack_max").isPresent();
      case "ip_set" -> facts.sets().isPresent();
      case "xt_set" -> sets(facts).anyMatch(set -> set.references() > 0);
      case "dummy" -> facts.network().map(Network::hasDevice).value().orElse(false);
      default -> sets(facts).anyMatch(set -> module.equals(module(set.typeName())));
    };
  }

  private static Stream<SetHeader> sets(NodeFacts facts) {
    return facts.sets().value().orElse(List.of()).stream().map(ObservedSet::header);
  }

  /** {@code ip_set_hash_ipport} makes {@code hash:ip,port}. */
  private static String module(String type) {
    return "ip_set_" + type.replace(':', '_').replace(",", "");
  }
}
