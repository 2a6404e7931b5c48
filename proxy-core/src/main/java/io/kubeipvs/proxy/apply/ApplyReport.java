package io.kubeipvs.proxy.apply;

import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.diff.Phase;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What became of a batch.
 *
 * @param took how long each phase took that had something to do
 * @param forgottenFlows tracked flows that were deleted
 */
public record ApplyReport(
    List<Operation> done, List<Failure> failures, Map<Phase, Duration> took, int forgottenFlows) {
  public static final ApplyReport NOTHING = new ApplyReport(List.of(), List.of());

  public ApplyReport {
    done = List.copyOf(done);
    failures = List.copyOf(failures);
    took = Map.copyOf(took);
  }

  ApplyReport(List<Operation> done, List<Failure> failures) {
    this(done, failures, Map.of(), 0);
  }

  /** This batch and then that. */
  public ApplyReport and(ApplyReport later) {
    Map<Phase, Duration> both = new EnumMap<>(Phase.class);
    both.putAll(took);
    later.took.forEach((phase, time) -> both.merge(phase, time, Duration::plus));
    return new ApplyReport(
        Stream.concat(done.stream(), later.done.stream()).toList(),
        Stream.concat(failures.stream(), later.failures.stream()).toList(),
        both,
        forgottenFlows + later.forgottenFlows);
  }
}
