package io.kubeipvs.proxy.apply;

import io.kubeipvs.proxy.diff.Operation;
import java.util.List;

/** What became of a batch. */
public record ApplyReport(List<Operation> done, List<Failure> failures) {
  public ApplyReport {
    done = List.copyOf(done);
    failures = List.copyOf(failures);
  }
}
