package io.kubeipvs.proxy.sync;

import io.kubeipvs.proxy.apply.Failure;
import io.kubeipvs.proxy.diff.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one sync did.
 *
 * @param full whether it began with a full look at the kernel
 * @param dirtyServices planned anew
 */
public record SyncReport(
    boolean full,
    int dirtyServices,
    List<Operation> done,
    List<Failure> failures,
    Duration duration) {

  public SyncReport {
    done = List.copyOf(done);
    failures = List.copyOf(failures);
  }

  public boolean didNothing() {
    return done.isEmpty() && failures.isEmpty();
  }

  /** Kinds of operations with their numbers, in order: {@code ADD_ENTRIES=2, OPEN_VIPS=1}. */
  public Map<String, Integer> doneByPhase() {
    Map<String, Integer> counts = new TreeMap<>();
    done.forEach(operation -> counts.merge(operation.phase().name(), 1, Integer::sum));
    return counts;
  }
}
