package io.kubeipvs.proxy.explain;

/**
 * Whether a packet meets a condition.
 *
 * @param share of packets that do: 0, 1, or in between where chance decides
 * @param known false where it cannot be told from what was read
 * @param why in words, where that is worth to be read; else empty
 */
record Fit(double share, boolean known, String why) {
  static final Fit YES = new Fit(1, true, "");
  static final Fit NO = new Fit(0, true, "");

  static Fit of(boolean meets) {
    return meets ? YES : NO;
  }

  static Fit of(boolean meets, String why) {
    return new Fit(meets ? 1 : 0, true, why);
  }

  static Fit unknown(String why) {
    return new Fit(1, false, why);
  }

  static Fit share(double share) {
    return new Fit(share, true, "");
  }

  boolean isNo() {
    return known && share <= 0;
  }

  boolean isYes() {
    return known && share >= 1;
  }

  /** The other way round, for a condition behind {@code !}. */
  Fit negatedIf(boolean negated) {
    return negated && known ? new Fit(1 - share, true, why) : this;
  }
}
