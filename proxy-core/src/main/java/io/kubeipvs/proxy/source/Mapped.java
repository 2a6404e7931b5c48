package io.kubeipvs.proxy.source;

import java.util.List;
import java.util.Optional;

/**
 * What became of one object.
 *
 * @param object empty when there is nothing in it for a proxy
 */
public record Mapped<T>(Optional<T> object, List<Problem> problems) {
  public Mapped {
    problems = List.copyOf(problems);
  }
}
