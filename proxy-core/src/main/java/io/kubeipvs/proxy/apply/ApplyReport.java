package io.kubeipvs.proxy.apply;

import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.diff.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What became of a batch.
 *
 * @param took how long each phase took that had something to do
 * @param forgottenFlows tracked flows that were deleted
 */
public record ApplyReport(
    List<Operation> done, List<Failure> failures, Map<Phase, Duration> took, int forgottenFlows) {
  public ApplyReport {
    done = List.copyOf(done);
    failures = List.copyOf(failures);
    took = Map.copyOf(took);
  }

  ApplyReport(List<Operation> done, List<Failure> failures) {
    this(done, failures, Map.of(), 0);
  }
}
