package io.kubeipvs.ipvs;

import io.kubeipvs.net.IpAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An address as {@code -t} and {@code -r} take it: {@code 10.0.0.1:80}, {@code [fd00::1]:80};
 * without a port {@code 10.0.0.1} and {@code fd00::1}. Literals only: nobody is asked for names.
 */
record IpvsadmAddress(IpAddress address, OptionalInt port) {
  private static final Pattern PATTERN =
      Pattern.compile(
          "\\[(?<v6>[^]]+)]:(?<v6port>[0-9]{1,5})"
              + "|(?<v4>[^:]+)(:(?<v4port>[0-9]{1,5}))?"
              + "|(?<bare>.*:.*:.*)");

  static Optional<IpvsadmAddress> parse(String text) {
    Matcher parts = PATTERN.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    OptionalInt port =
        first(parts, "v6port", "v4port")
            .map(digits -> OptionalInt.of(Integer.parseInt(digits)))
            .orElse(OptionalInt.empty());
    return first(parts, "v6", "v4", "bare")
        .flatMap(IpAddress::parse)
        .filter(address -> port.orElse(0) <= 0xffff)
        .map(address -> new IpvsadmAddress(address, port));
  }

  private static Optional<String> first(Matcher parts, String... groups) {
    return Stream.of(groups).map(parts::group).filter(Objects::nonNull).findFirst();
  }
}
