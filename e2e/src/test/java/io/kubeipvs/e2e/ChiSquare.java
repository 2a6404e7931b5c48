package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;

/**
 * Whether answers are spread as an even chance spreads them: Pearson's sum of squares against the
 * value that chance exceeds once in a million times (by Wilson and Hilferty's approximation).
 */
record ChiSquare(double sum, int degreesOfFreedom) {
  private static final double ONE_IN_A_MILLION = 4.753;

  static ChiSquare of(Map<String, Integer> counts, Set<String> servers) {
    double total = counts.values().stream().mapToInt(Integer::intValue).sum();
    double expected = total / servers.size();
    double sum = 0;
    for (String server : servers) {
      double off = counts.getOrDefault(server, 0) - expected;
      sum += off * off / expected;
    }
    return new ChiSquare(sum, servers.size() - 1);
  }

  double bound() {
    double part = 2.0 / (9 * degreesOfFreedom);
    return degreesOfFreedom * Math.pow(1 - part + ONE_IN_A_MILLION * Math.sqrt(part), 3);
  }

  void assertIsChance(String what) {
    assertThat(sum).as(what + ": chi-square").isLessThan(bound());
  }
}
