package io.kubeipvs.ipvs;

import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Numbers as {@code ipvsadm} reads them: {@code strtol(3)}, nothing behind, in a range. */
final class IpvsadmNumbers {
  /** No longer than what a long holds for sure. */
  private static final Pattern NUMBER = Pattern.compile("\\s*[+-]?[0-9]{1,18}");

  private IpvsadmNumbers() {}

  static OptionalInt parse(String text, int minimum, int maximum) {
    if (!NUMBER.matcher(text).matches()) {
      return OptionalInt.empty();
    }
    long number = Long.parseLong(text.strip());
    return number < minimum || number > maximum
        ? OptionalInt.empty()
        : OptionalInt.of((int) number);
  }

  /** The number, or an end with that error. */
  static int require(String text, int minimum, int maximum, String error)
      throws IpvsadmUsageException {
    OptionalInt number = parse(text, minimum, maximum);
    if (number.isEmpty()) {
      throw new IpvsadmUsageException(error, 2);
    }
    return number.getAsInt();
  }
}
