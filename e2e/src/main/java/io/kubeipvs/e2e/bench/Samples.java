package io.kubeipvs.e2e.bench;

import java.util.List;

/** Repeated measurements of one thing, in the order they were made. */
record Samples(List<Double> values) {
  Samples {
    values = List.copyOf(values);
    if (values.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
  }

  double median() {
    return percentile(50);
  }

  /** The smallest value that so many percent do not exceed. */
  double percentile(int percent) {
    List<Double> sorted = values.stream().sorted().toList();
    int rank = (int) Math.ceil(sorted.size() * percent / 100.0);
    return sorted.get(Math.max(0, rank - 1));
  }

  double first() {
    return values.get(0);
  }

  Samples withoutFirst() {
    return new Samples(values.subList(1, values.size()));
  }

  double last() {
    return values.get(values.size() - 1);
  }
}
