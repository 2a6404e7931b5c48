package io.kubeipvs.proxy.sync;

import io.kubeipvs.proxy.apply.Failure;
import io.kubeipvs.proxy.source.Problem;
import io.kubeipvs.proxy.state.Conflict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where the loop stands: what other threads may see of it.
 *
 * @param syncs how many were completed, failures or not
 * @param lastSuccess when one last ended without a failure
 * @param operations carried out since the start
 * @param failures of the last sync
 * @param problems objects that are left out because something in them is wrong
 * @param conflicts objects that are left out because an older one has what they ask for
 * @param obstacles what keeps rules from being complete, or a Service from being planned
 * @param drainingServices services with servers that wait for their connections to end
 */
public record SyncStatus(
    long syncs,
    Optional<Instant> lastSuccess,
    long operations,
    List<Failure> failures,
    List<Problem> problems,
    List<Conflict> conflicts,
    List<String> obstacles,
    int services,
    int servers,
    int drainingServices) {

  public static final SyncStatus NEVER =
      new SyncStatus(0, Optional.empty(), 0, List.of(), List.of(), List.of(), List.of(), 0, 0, 0);

  public SyncStatus {
    failures = List.copyOf(failures);
    problems = List.copyOf(problems);
    conflicts = List.copyOf(conflicts);
    obstacles = List.copyOf(obstacles);
  }

  /** Everything that was asked for is in the kernel. */
  public boolean isComplete() {
    return syncs > 0
        && failures.isEmpty()
        && problems.isEmpty()
        && conflicts.isEmpty()
        && obstacles.isEmpty();
  }
}
