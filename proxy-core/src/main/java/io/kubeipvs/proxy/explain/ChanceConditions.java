package io.kubeipvs.proxy.explain;

import io.kubeipvs.iptables.SavedRule.Part;
import io.kubeipvs.iptables.SavedRule.RuleOption;

/** {@code -m statistic}: shares of all packets. */
final class ChanceConditions {
  private ChanceConditions() {}

  static Condition read(Part part) {
    double share = share(part);
    boolean negated = part.options().stream().anyMatch(RuleOption::negated);
    return share < 0
        ? Conditions.unknown("-m statistic")
        : packet -> Fit.share(negated ? 1 - share : share);
  }

  /** -1 for what cannot be read. */
  private static double share(Part part) {
    String mode = part.option("--mode").map(RuleOption::value).orElse("");
    try {
      return switch (mode) {
        case "random" -> number(part, "--probability");
        case "nth" -> 1 / number(part, "--every");
        default -> -1;
      };
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static double number(Part part, String option) {
    return Double.parseDouble(part.option(option).map(RuleOption::value).orElse(""));
  }
}
