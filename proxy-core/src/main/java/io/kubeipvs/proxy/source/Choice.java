package io.kubeipvs.proxy.source;

import io.kubeipvs.proxy.model.TrafficPolicy;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Fields that hold one of a few words. */
final class Choice {
  private static final Map<String, TrafficPolicy> POLICIES =
      Map.of("Cluster", TrafficPolicy.CLUSTER, "Local", TrafficPolicy.LOCAL);

  private Choice() {}

  /** Empty when absent, and when refused. */
  static <T> Optional<T> of(Field field, Map<String, T> words) {
    Optional<String> text = field.text();
    if (text.isPresent() && !words.containsKey(text.get())) {
      field.refuse(
          Shown.of(text.get()) + " is none of " + String.join(", ", new TreeMap<>(words).keySet()));
    }
    return text.map(words::get);
  }

  /**
   * A traffic policy. One that cannot be read counts as Local: Cluster is what everybody has
   * without asking, so whoever wrote something else meant to keep the traffic here.
   */
  static TrafficPolicy policy(Field field) {
    return of(field, POLICIES)
        .orElse(field.isPresent() ? TrafficPolicy.LOCAL : TrafficPolicy.CLUSTER);
  }
}
