package io.kubeipvs.proxy.model;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go writes them, which is what kube-proxy's flags and files take: {@code 1h30m}. */
public final class GoDuration {
  private static final Pattern FIRST_PART =
      Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|ms|s|m|h)(.*)");

  private GoDuration() {}

  /** Empty for what is no duration, or one that Go's 64 bits of nanoseconds cannot hold. */
  public static Optional<Duration> parse(String text) {
    boolean signed = text.startsWith("-") || text.startsWith("+");
    String rest = signed ? text.substring(1) : text;
    if (rest.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    BigDecimal nanos = BigDecimal.ZERO;
    do {
      Matcher part = FIRST_PART.matcher(rest);
      if (!part.matches()) {
        return Optional.empty();
      }
      nanos = nanos.add(new BigDecimal(part.group(1)).multiply(nanosOf(part.group(2))));
      rest = part.group(3);
    } while (!rest.isEmpty());
    BigInteger whole = nanos.toBigInteger();
    if (whole.bitLength() >= Long.SIZE) {
      return Optional.empty();
    }
    return Optional.of(
        Duration.ofNanos(text.startsWith("-") ? -whole.longValue() : whole.longValue()));
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
