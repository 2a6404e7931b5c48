package io.kubeipvs.proxy.apply;

import io.kubeipvs.proxy.diff.Operation;
import java.util.List;
import java.util.stream.Stream;

/** What became of a batch. */
public record ApplyReport(List<Operation> done, List<Failure> failures) {
  public ApplyReport {
    done = List.copyOf(done);
    failures = List.copyOf(failures);
  }

  /** This batch and then that. */
  public ApplyReport and(ApplyReport later) {
    return new ApplyReport(
        Stream.concat(done.stream(), later.done.stream()).toList(),
        Stream.concat(failures.stream(), later.failures.stream()).toList());
  }
}
