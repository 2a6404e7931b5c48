package io.kubeipvs.proxy.event;

import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.source.Problem;
import io.kubeipvs.proxy.state.ChangeTracker;
import io.kubeipvs.proxy.state.Conflict;
import io.kubeipvs.proxy.sync.Repair;
import io.kubeipvs.proxy.sync.SyncListener;
import io.kubeipvs.proxy.sync.SyncReport;
import io.kubeipvs.proxy.sync.SyncStatus;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Tells of what the loop found wrong: when it turns up, not again while it lasts. */
public final class SyncEvents implements SyncListener {
  private static final String ACTION = "SyncProxyRules";
  private static final String SERVICE = "Service ";

  /** Of one sync; a sync may repair 10,000 things. */
  private static final int REPAIRS_SHOWN = 3;

  private final ObjectReference node;
  private final EventSink sink;
  private Set<Conflict> conflicts = Set.of();
  private Set<Problem> problems = Set.of();

  public SyncEvents(String nodeName, EventSink sink) {
    this.node = ObjectReference.node(nodeName);
    this.sink = sink;
  }

  @Override
  public void synced(SyncReport report, SyncStatus status, ChangeTracker.Applied applied) {
    status.conflicts().stream().filter(each -> !conflicts.contains(each)).forEach(this::tell);
    status.problems().stream().filter(each -> !problems.contains(each)).forEach(this::tell);
    conflicts = new HashSet<>(status.conflicts());
    problems = new HashSet<>(status.problems());
    if (!report.repairs().isEmpty()) {
      sink.emit(warning(node, "DriftRepaired", note(report.repairs())));
    }
  }

  private void tell(Conflict conflict) {
    ServiceName loser = conflict.loser().service();
    sink.emit(warning(ObjectReference.service(loser), "AddressConflict", conflict.toString()));
  }

  private void tell(Problem problem) {
    ObjectReference about = service(problem).map(ObjectReference::service).orElse(node);
    sink.emit(warning(about, "InvalidField", problem.toString()));
  }

  /** A problem names its object as people read it: {@code Service default/web}. */
  private static Optional<ServiceName> service(Problem problem) {
    String object = problem.object();
    int slash = object.indexOf('/');
    return object.startsWith(SERVICE) && slash > 0
        ? Optional.of(
            new ServiceName(object.substring(SERVICE.length(), slash), object.substring(slash + 1)))
        : Optional.empty();
  }

  private static String note(List<Repair> repairs) {
    List<String> shown = repairs.stream().limit(REPAIRS_SHOWN).map(Repair::toString).toList();
    return "somebody else had changed the kernel; repaired with %d operations: %s%s"
        .formatted(
            repairs.size(),
            String.join("; ", shown),
            repairs.size() > REPAIRS_SHOWN ? "; ..." : "");
  }

  private static Event warning(ObjectReference about, String reason, String note) {
    return new Event(about, Event.Type.Warning, reason, ACTION, note);
  }
}
