package io.kubeipvs.proxy.sync;

import io.kubeipvs.proxy.apply.Failure;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.diff.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What one sync did.
 *
 * @param full whether it began with a full look at the kernel
 * @param dirtyServices planned anew
 * @param repairs those of {@code done} that nothing had asked for: the kernel was not as we left it
 * @param took by part: observe, plan, apply, and what writing consists of, by phase
 * @param forgottenFlows tracked flows that were deleted
 */
public record SyncReport(
    boolean full,
    int dirtyServices,
    List<Operation> done,
    List<Failure> failures,
    List<Repair> repairs,
    Map<String, Duration> took,
    int forgottenFlows,
    Duration duration) {

  public SyncReport {
    done = List.copyOf(done);
    failures = List.copyOf(failures);
    repairs = List.copyOf(repairs);
    took = Map.copyOf(took);
  }

  public boolean didNothing() {
    return done.isEmpty() && failures.isEmpty();
  }

  /** Whether something of that phase was written; what failed may have been, in parts. */
  public boolean wrote(Phase phase) {
    return Stream.concat(done.stream(), failures.stream().map(Failure::operation))
        .anyMatch(operation -> operation.phase() == phase);
  }

  /** Kinds of operations with their numbers, in order: {@code ADD_ENTRIES=2, OPEN_VIPS=1}. */
  public Map<String, Integer> doneByPhase() {
    Map<String, Integer> counts = new TreeMap<>();
    done.forEach(operation -> counts.merge(operation.phase().name(), 1, Integer::sum));
    return counts;
  }
}
