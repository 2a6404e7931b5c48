package io.kubeipvs.proxy.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go writes them, which is what kube-proxy's flags and files take: {@code 1h30m}. */
public final class GoDuration {
  private static final Pattern WHOLE =
      Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)(ns|us|µs|ms|s|m|h)(.*)");

  private GoDuration() {}

  /**
   * Reads one, possibly negative.
   *
   * @throws IllegalArgumentException when it is not a duration or longer than 292 years
   */
  public static Duration parse(String text) {
    boolean negative = text.startsWith("-");
    String rest = negative || text.startsWith("+") ? text.substring(1) : text;
    if (rest.equals("0")) {
      return Duration.ZERO;
    }
    BigDecimal nanos = BigDecimal.ZERO;
    do {
      Matcher part = WHOLE.matcher(rest);
      if (rest.startsWith("-") || rest.startsWith("+") || !part.matches()) {
        throw new IllegalArgumentException(
            "'" + text + "' is not a duration like 30s, 1m30s or 250ms");
      }
      nanos = nanos.add(new BigDecimal(part.group(1)).multiply(nanosOf(part.group(3))));
      rest = part.group(4);
    } while (!rest.isEmpty());
    try {
      long whole = nanos.toBigInteger().longValueExact();
      return Duration.ofNanos(negative ? -whole : whole);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("'" + text + "' is too long a duration", e);
    }
  }

  private static BigDecimal nanosOf(String unit) {
    return BigDecimal.valueOf(
        switch (unit) {
          case "ns" -> 1L;
          case "us", "µs" -> 1_000L;
          case "ms" -> 1_000_000L;
          case "s" -> 1_000_000_000L;
          case "m" -> 60_000_000_000L;
          case "h" -> 3_600_000_000_000L;
          default -> throw new IllegalArgumentException("unit " + unit);
        });
  }
}
