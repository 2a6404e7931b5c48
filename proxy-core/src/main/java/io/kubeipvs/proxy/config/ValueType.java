package io.kubeipvs.proxy.config;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.proxy.model.GoDuration;
import io.kubeipvs.proxy.source.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/** What a field of the configuration may hold; a value is given as a flag would have it. */
@FunctionalInterface
interface ValueType {
  /** Empty when there is none, or one that means the default, or one that is refused. */
  Optional<String> read(Field field);

  int LONGEST_DURATION = 40;

  static ValueType text() {
    return field -> field.text().filter(text -> !text.isEmpty());
  }

  static ValueType checked(Predicate<String> isRight, String what) {
    return field -> {
      Optional<String> text = text().read(field);
      if (text.isPresent() && !isRight.test(text.get())) {
        field.refuse("'" + text.get() + "' is not " + what);
        return Optional.empty();
      }
      return text;
    };
  }

  static ValueType choice(String... words) {
    return checked(List.of(words)::contains, "one of " + String.join(", ", words));
  }

  static ValueType bool() {
    return field ->
        field.isPresent() ? Optional.of(Boolean.toString(field.flag(false))) : Optional.empty();
  }

  static ValueType integer(int lowest, int highest) {
    return field -> {
      OptionalInt number = field.integer(lowest, highest);
      return number.isPresent()
          ? Optional.of(Integer.toString(number.getAsInt()))
          : Optional.empty();
    };
  }

  static ValueType number() {
    return field -> {
      if (field.isPresent() && !(field.value() instanceof Number)) {
        field.refuse("is not a number");
      }
      return Optional.ofNullable(field.value()).map(Object::toString);
    };
  }

  static ValueType duration() {
    return checked(ValueType::isDuration, "a duration like 30s or 1m30s");
  }

  /** A duration of which 0 means the default, as kube-proxy has it. */
  static ValueType period() {
    return field ->
        duration()
            .read(field)
            .filter(text -> !GoDuration.parse(text).equals(Optional.of(Duration.ZERO)));
  }

  private static boolean isDuration(String text) {
    return text.length() <= LONGEST_DURATION
        && GoDuration.parse(text).filter(duration -> !duration.isNegative()).isPresent();
  }

  static ValueType address() {
    return checked(text -> IpAddress.parse(text).isPresent(), "an IP address");
  }

  /** {@code 0.0.0.0:10256}, {@code [::]:10256}, or an address alone. */
  static ValueType bindAddress() {
    return checked(ValueType::isBindAddress, "an address like 0.0.0.0:10256 or [::1]:10256");
  }

  private static boolean isBindAddress(String text) {
    int colon = text.lastIndexOf(':');
    if (IpAddress.parse(text).isPresent() || colon < 0) {
      return IpAddress.parse(text).isPresent();
    }
    String host = text.substring(0, colon).replaceAll("^\\[|]$", "");
    String port = text.substring(colon + 1);
    return IpAddress.parse(host).isPresent()
        && port.matches("[1-9][0-9]{0,4}")
        && Integer.parseInt(port) <= 0xffff;
  }

  /** One range, or two of different families, with a comma. */
  static ValueType clusterCidr() {
    return checked(ValueType::isClusterCidr, "a range like 10.244.0.0/16, or one of each family");
  }

  private static boolean isClusterCidr(String text) {
    List<AddressFamily> families = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      Optional<IpPrefix> prefix = IpPrefix.parse(part.strip());
      if (prefix.isEmpty() || families.contains(prefix.get().family())) {
        return false;
      }
      families.add(prefix.get().family());
    }
    return true;
  }

  /** A list of ranges, or of these words. */
  static ValueType ranges(String... words) {
    return field -> {
      List<String> ranges = new ArrayList<>();
      for (Field item : field.items()) {
        String text = item.requiredText().orElse("").strip();
        if (IpPrefix.parse(text).isPresent() || List.of(words).contains(text)) {
          ranges.add(text);
        } else if (item.value() instanceof String) {
          item.refuse("'" + text + "' is not a range like 10.0.0.0/8");
        }
      }
      return ranges.isEmpty() ? Optional.empty() : Optional.of(String.join(",", ranges));
    };
  }

  /** An object whose members are true or false. */
  static ValueType gates() {
    return field -> {
      List<String> gates = new ArrayList<>();
      for (String name : field.names()) {
        gates.add(name + "=" + field.get(name).flag(false));
      }
      if (field.isPresent() && !(field.value() instanceof Map)) {
        field.refuse("is not an object");
      }
      return gates.isEmpty() ? Optional.empty() : Optional.of(String.join(",", gates));
    };
  }

  /** Of something that has no effect here, so that nobody need look at it. */
  static ValueType anything() {
    return field -> Optional.ofNullable(field.value()).map(value -> "set");
  }
}
