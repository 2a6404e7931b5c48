package io.kubeipvs.proxy.inspect.steps;

import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.proxy.apply.Failure;
import io.kubeipvs.proxy.apply.Observation;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.inspect.Cluster;
import io.kubeipvs.proxy.inspect.IpvsTable;
import io.kubeipvs.proxy.inspect.KernelState;
import io.kubeipvs.proxy.inspect.Owners;
import io.kubeipvs.proxy.inspect.memory.DryRun;
import io.kubeipvs.proxy.sync.SyncReport;
import io.kubeipvs.proxy.sync.SyncStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What one sync does, in order, and what takes it back.
 *
 * @param forward in the order in which they are carried out
 * @param undo in the order in which they are to be carried out
 * @param remarks what is left out, and what the kernel would refuse
 * @param incomplete whether the sync leaves undone what is wanted: the kernel would refuse it, or
 *     something stands in its way
 */
public record Steps(List<Step> forward, List<Step> undo, List<String> remarks, boolean incomplete) {

  /** After which all is done. */
  public Steps(List<Step> forward, List<Step> undo, List<String> remarks) {
    this(forward, undo, remarks, false);
  }

  public Steps {
    forward = List.copyOf(forward);
    undo = List.copyOf(undo);
    remarks = List.copyOf(remarks);
  }

  /** Whether the kernel is as it is wanted. */
  public boolean nothingToDo() {
    return forward.isEmpty() && !incomplete;
  }

  /**
   * Of the next sync.
   *
   * @param former who asked for what before, where that is known
   */
  public static Steps of(DryRun dryRun, Cluster cluster, Owners former) throws IOException {
    Observation before = dryRun.observe();
    Observation again = dryRun.observe();
    Map<Reasons.ServerPair, ObservedServer> connections = connections(dryRun.kernel());
    SyncReport report = dryRun.sync(cluster);
    Reasons reasons =
        new Reasons(
            new Owners(dryRun.desired()),
            former,
            before.mirror(),
            connections,
            cluster.slices(),
            dryRun.status().conflicts());
    RuleReasons ofRules = RuleReasons.of(dryRun, cluster, before.rules());
    return new Steps(
        forward(report.done(), reasons, ofRules),
        Undo.of(again, report.done()),
        remarks(report, dryRun.status()),
        !report.failures().isEmpty() || !dryRun.status().obstacles().isEmpty());
  }

  private static Map<Reasons.ServerPair, ObservedServer> connections(KernelState kernel) {
    Map<Reasons.ServerPair, ObservedServer> connections = new HashMap<>();
    for (IpvsTable.Entry entry : kernel.ipvs().value().map(IpvsTable::entries).orElse(List.of())) {
      for (ObservedServer server : entry.servers()) {
        connections.put(
            new Reasons.ServerPair(entry.service().key(), server.server().key()), server);
      }
    }
    return connections;
  }

  private static List<Step> forward(
      List<Operation> operations, Reasons reasons, RuleReasons ofRules) throws IOException {
    List<Step> steps = new ArrayList<>();
    for (Operation operation : operations) {
      String reason = reasons.of(operation);
      steps.add(
          operation instanceof Operation.Rules rules
              ? ofRules.step(rules, reason)
              : new Step.Act(operation, reason));
      reasons.done(operation);
    }
    return steps;
  }

  /** What builds on something refused is not even tried. */
  private static String remark(Failure failure) {
    boolean refused = failure.errno().isPresent() || failure.operation() instanceof Operation.Rules;
    return (refused ? "the kernel would refuse: " : "held back: ") + failure;
  }

  private static List<String> remarks(SyncReport report, SyncStatus status) {
    return Stream.of(
            status.problems().stream().map(problem -> "left out: " + problem),
            status.conflicts().stream().map(conflict -> "left out: " + conflict),
            status.obstacles().stream().map(obstacle -> "incomplete: " + obstacle),
            report.failures().stream().map(Steps::remark))
        .flatMap(lines -> lines)
        .toList();
  }
}
