package io.kubeipvs.proxy.check;

import io.kubeipvs.proxy.check.facts.NodeFacts;
import io.kubeipvs.proxy.check.facts.NodeProcess;
import io.kubeipvs.proxy.check.facts.NodeSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Two service proxies on one node undo each other's work. */
final class OtherProxyCheck implements Check {
  static final String ID = "other-proxy";

  static final String HOST_PROCESSES =
      "run it on the node itself, or in a container with the host's processes (hostPID)";

  private static final Set<String> PROXIES = Set.of("kube-proxy", "kube-router");
  private static final Set<Integer> PORTS = Set.of(10249, 10256);

  @Override
  public List<Finding> look(NodeFacts facts) {
    List<Finding> findings = new ArrayList<>();
    List<String> others =
        facts.processes().stream()
            .filter(process -> isOther(process))
            .map(NodeProcess::toString)
            .toList();
    long ours = facts.processes().stream().filter(OtherProxyCheck::isOurs).count();
    if (!others.isEmpty()) {
      findings.add(
          Finding.of(
                  ID,
                  ours > 0 ? Severity.ERROR : Severity.WARNING,
                  ours > 0
                      ? "another service proxy runs beside kube-ipvs: they undo each other's work"
                      : "another service proxy runs here: stop it before kube-ipvs starts",
                  others)
              .remedy(
                  "kubectl -n kube-system delete daemonset kube-proxy; do not flush anything,"
                      + " kube-ipvs takes over what is there"));
    }
    strangers(facts).ifPresent(findings::add);
    if (ours > 1) {
      findings.add(
          Finding.of(
              ID,
              Severity.ERROR,
              "kube-ipvs runs more than once",
              facts.processes().stream()
                  .filter(OtherProxyCheck::isOurs)
                  .map(NodeProcess::toString)
                  .toList()));
    }
    if (findings.isEmpty()) {
      findings.add(noOther(facts, ours == 1 ? "kube-ipvs runs" : "kube-ipvs does not run"));
    }
    return findings;
  }

  private static Finding noOther(NodeFacts facts, String seen) {
    return facts.seesAllProcesses()
        ? Finding.ok(ID, "no other service proxy runs here", seen)
        : Finding.of(
                ID,
                Severity.INFO,
                "no other service proxy runs in this container",
                seen,
                "programs outside of it cannot be seen from here")
            .remedy(HOST_PROCESSES);
  }

  /** Our image is called kube-proxy as well, in the place of kube-proxy's. */
  private static boolean isOther(NodeProcess process) {
    return PROXIES.contains(process.command()) && !isOurs(process);
  }

  /** By the launcher the class is an argument; in the image it is in a file of options. */
  static boolean isOurs(NodeProcess process) {
    List<String> words = process.arguments();
    int program = words.indexOf("io.kubeipvs.proxy.cli.KubeIpvs");
    if (program < 0 && words.size() > 2 && words.get(1).endsWith("/kube-ipvs/java.options")) {
      program = 2;
    }
    return program >= 0
        && program + 1 < words.size()
        && (words.get(program + 1).equals("run") || words.get(program + 1).startsWith("--"));
  }

  /**
   * Who else has the proxy's ports, under whatever name. From inside a container, a socket of
   * nobody there may be our own.
   */
  private static Optional<Finding> strangers(NodeFacts facts) {
    List<String> taken =
        facts.sockets().stream()
            .filter(socket -> PORTS.contains(socket.port()))
            .filter(socket -> isStranger(socket, facts))
            .map(socket -> Owners.described(socket, facts))
            .toList();
    return taken.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Finding.of(
                    ID,
                    Severity.WARNING,
                    "somebody else has the ports of a service proxy: probably another one",
                    taken)
                .remedy(
                    "stop it, or give kube-ipvs --healthz-bind-address and"
                        + " --metrics-bind-address of its own"));
  }

  private static boolean isStranger(NodeSocket socket, NodeFacts facts) {
    return Owners.of(socket, facts)
        .map(process -> !isOurs(process) && !isOther(process))
        .orElse(socket.owner().isEmpty() && facts.seesAllProcesses());
  }
}
