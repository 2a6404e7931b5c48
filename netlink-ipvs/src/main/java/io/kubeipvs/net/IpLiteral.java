package io.kubeipvs.net;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Text of addresses, both ways; strict when reading, like {@code inet_ntop(3)} when writing. */
final class IpLiteral {
  private static final int GROUPS = 8;

  private IpLiteral() {}

  static Optional<IpAddress> parseV4(String text) {
    long value = 0;
    int position = 0;
    for (int octet = 0; octet < 4; octet++) {
      int end = octet == 3 ? text.length() : text.indexOf('.', position);
      int number = end < 0 ? -1 : decimal(text, position, end);
      if (number < 0) {
        return Optional.empty();
      }
      value = value << 8 | number;
      position = end + 1;
    }
    return Optional.of(new IpAddress(AddressFamily.IPV4, 0, value));
  }

  /** 0..255 without leading zeros (which some tools read as octal), or -1. */
  private static int decimal(String text, int start, int end) {
    int digits = end - start;
    if (digits < 1 || digits > 3 || (digits > 1 && text.charAt(start) == '0')) {
      return -1;
    }
    int value = 0;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + c - '0';
    }
    return value <= 255 ? value : -1;
  }

  static Optional<IpAddress> parseV6(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      int[] groups = groups(text, GROUPS);
      return groups != null && groups.length == GROUPS ? Optional.of(address(groups)) : none();
    }
    if (text.indexOf("::", gap + 1) >= 0) {
      return none();
    }
    String head = text.substring(0, gap);
    if (head.indexOf('.') >= 0) {
      return none(); // A dotted quad is the end of an address, never its beginning.
    }
    int[] before = groups(head, GROUPS - 1);
    int[] after = groups(text.substring(gap + 2), GROUPS - 1);
    if (before == null || after == null || before.length + after.length >= GROUPS) {
      return none();
    }
    int[] all = new int[GROUPS];
    System.arraycopy(before, 0, all, 0, before.length);
    System.arraycopy(after, 0, all, GROUPS - after.length, after.length);
    return Optional.of(address(all));
  }

  private static Optional<IpAddress> none() {
    return Optional.empty();
  }

  private static IpAddress address(int[] groups) {
    long high = 0;
    long low = 0;
    for (int i = 0; i < 4; i++) {
      high = high << 16 | groups[i];
      low = low << 16 | groups[i + 4];
    }
    return new IpAddress(AddressFamily.IPV6, high, low);
  }

  /** The 16-bit groups between colons; a trailing dotted quad gives two. Null when malformed. */
  private static int @Nullable [] groups(String text, int limit) {
    if (text.isEmpty()) {
      return new int[0];
    }
    String[] parts = text.split(":", -1);
    boolean dotted = parts[parts.length - 1].indexOf('.') >= 0;
    int count = parts.length + (dotted ? 1 : 0);
    if (count > limit) {
      return null;
    }
    int[] groups = new int[count];
    int plain = dotted ? parts.length - 1 : parts.length;
    for (int i = 0; i < plain; i++) {
      groups[i] = hexadecimal(parts[i]);
      if (groups[i] < 0) {
        return null;
      }
    }
    if (dotted) {
      Optional<IpAddress> quad = parseV4(parts[plain]);
      if (quad.isEmpty()) {
        return null;
      }
      groups[plain] = (int) (quad.get().low() >>> 16);
      groups[plain + 1] = (int) (quad.get().low() & 0xffff);
    }
    return groups;
  }

  private static int hexadecimal(String group) {
    if (group.isEmpty() || group.length() > 4) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < group.length(); i++) {
      int digit = group.charAt(i) < 128 ? Character.digit(group.charAt(i), 16) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  static String formatV4(int address) {
    return (address >>> 24)
        + "."
        + (address >>> 16 & 0xff)
        + "."
        + (address >>> 8 & 0xff)
        + "."
        + (address & 0xff);
  }

  static String formatV6(long high, long low) {
    int[] groups = new int[GROUPS];
    for (int i = 0; i < 4; i++) {
      groups[i] = (int) ((high >>> (48 - 16 * i)) & 0xffff);
      groups[i + 4] = (int) ((low >>> (48 - 16 * i)) & 0xffff);
    }
    int start = longestZeroRun(groups);
    int end = start < 0 ? -1 : start + zeroRun(groups, start);
    // inet_ntop(3) writes the last 32 bits as a dotted quad for mapped and compatible addresses.
    boolean dotted = start == 0 && (end == 6 || (end == 5 && groups[5] == 0xffff));
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < (dotted ? 6 : GROUPS); i++) {
      if (i == start) {
        text.append("::");
        i = end - 1;
        continue;
      }
      if (i > 0 && i != end) {
        text.append(':');
      }
      text.append(Integer.toHexString(groups[i]));
    }
    if (dotted) {
      text.append(end == 5 ? ":" : "").append(formatV4((int) low));
    }
    return text.toString();
  }

  /** The first of the longest runs of at least two zero groups, or -1 (RFC 5952, section 4.2). */
  private static int longestZeroRun(int[] groups) {
    int best = -1;
    int bestLength = 1;
    for (int i = 0; i < GROUPS; i++) {
      int length = zeroRun(groups, i);
      if (length > bestLength) {
        best = i;
        bestLength = length;
      }
      i += length;
    }
    return best;
  }

  private static int zeroRun(int[] groups, int start) {
    int length = 0;
    while (start + length < GROUPS && groups[start + length] == 0) {
      length++;
    }
    return length;
  }
}
