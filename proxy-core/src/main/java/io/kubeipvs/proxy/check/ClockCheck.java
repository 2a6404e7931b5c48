package io.kubeipvs.proxy.check;

import io.kubeipvs.proxy.check.facts.ApiState;
import io.kubeipvs.proxy.check.facts.NodeFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A clock that is wrong makes certificates invalid and latencies nonsense. */
final class ClockCheck implements Check {
  static final String ID = "clock";

  /** Before this program was written. */
  private static final Instant EARLIEST = Instant.parse("2025-01-01T00:00:00Z");

  private static final Duration TOLERATED = Duration.ofSeconds(5);

  @Override
  public List<Finding> look(NodeFacts facts) {
    if (facts.now().isBefore(EARLIEST)) {
      return List.of(
          Finding.of(
                  ID,
                  Severity.ERROR,
                  "the clock is not set: certificates are not valid yet",
                  "it says " + facts.now())
              .remedy("start an NTP client"));
    }
    Optional<Duration> ahead = facts.api().flatMap(ApiState::clockAhead);
    if (ahead.isEmpty()) {
      return List.of(
          Finding.ok(ID, "the clock is set; there was none to compare it with", "" + facts.now()));
    }
    String evidence =
        "%d s %s the API server's"
            .formatted(
                ahead.get().abs().toSeconds(), ahead.get().isNegative() ? "behind" : "before");
    return List.of(
        ahead.get().abs().compareTo(TOLERATED) > 0
            ? Finding.of(ID, Severity.WARNING, "the clock differs from the API server's", evidence)
                .remedy("start an NTP client on both")
            : Finding.ok(ID, "the clock agrees with the API server's", evidence));
  }
}
