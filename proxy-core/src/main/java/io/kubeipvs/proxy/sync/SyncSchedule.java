package io.kubeipvs.proxy.sync;

import java.time.Duration;

/**
 * How long to wait between syncs.
 *
 * @param minimum between the starts of two syncs; it delays bursts, never the first change after a
 *     quiet time
 * @param period between two full looks at the kernel when nothing goes wrong
 * @param firstRetry after a first failure; doubled with each that follows, up to the period
 * @param drainPoll between two looks at servers that drain
 */
public record SyncSchedule(
    Duration minimum, Duration period, Duration firstRetry, Duration drainPoll) {

  public static final Duration DEFAULT_PERIOD = Duration.ofSeconds(30);

  public static SyncSchedule of(Duration minimum, Duration period) {
    return new SyncSchedule(minimum, period, Duration.ofSeconds(1), Duration.ofSeconds(1));
  }

  /** The wait before trying again after that many failures in a row. */
  public Duration retry(int failures) {
    Duration delay = firstRetry;
    for (int i = 1; i < failures && delay.compareTo(period) < 0; i++) {
      delay = delay.multipliedBy(2);
    }
    return delay.compareTo(period) < 0 ? delay : period;
  }
}
