package io.kubeipvs.proxy.source;

import java.util.List;
import java.util.Map;

/** How values from outside are shown: short, on one line, without control characters. */
final class Shown {
  private static final int LIMIT = 60;

  private Shown() {}

  static String of(Object value) {
    if (value instanceof Map) {
      return "an object";
    }
    if (value instanceof List) {
      return "a list";
    }
    return value instanceof String text ? "'" + clean(text) + "'" : value.toString();
  }

  static String clean(String text) {
    String start = text.length() > LIMIT ? text.substring(0, LIMIT) + "..." : text;
    StringBuilder clean = new StringBuilder();
    start.codePoints().forEach(c -> clean.appendCodePoint(isPrintable(c) ? c : '?'));
    return clean.toString();
  }

  /** Format characters too are left out: they can turn the text around them about. */
  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
