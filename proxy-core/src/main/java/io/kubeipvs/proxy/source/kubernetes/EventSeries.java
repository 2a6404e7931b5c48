package io.kubeipvs.proxy.source.kubernetes;

import java.time.Duration;
import java.time.Instant;

/**
 * An event as it was written.
 *
 * @param name of the object
 * @param first when it was seen first
 * @param last when it was seen last
 * @param count how often it was seen
 */
record EventSeries(String name, Instant first, Instant last, int count) {
  /** Names of objects have 253 characters at most; this leaves room for a dot and the time. */
  private static final int NAME_LIMIT = 236;

  /**
   * Named as client-go names events: by what they are about, and a number.
   *
   * @param number another one for each
   */
  static EventSeries first(String about, long number, Instant now) {
    String cut = about.length() <= NAME_LIMIT ? about : about.substring(0, NAME_LIMIT);
    String name = cut.replaceAll("[.-]+$", "") + "." + Long.toHexString(number);
    return new EventSeries(name, now, now, 1);
  }

  EventSeries and(Instant now) {
    return new EventSeries(name, first, now, count + 1);
  }

  boolean isWithin(Duration duration, Instant now) {
    return !now.isBefore(last) && now.isBefore(last.plus(duration));
  }
}
