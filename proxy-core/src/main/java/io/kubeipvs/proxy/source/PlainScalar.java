package io.kubeipvs.proxy.source;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a scalar without quotes means: the core schema of YAML 1.2 (section 10.3.2), less {@code
 * .inf} and {@code .nan}. Numbers with leading zeros stay texts: YAML 1.1 tools read them as octal,
 * so nobody can know what was meant.
 */
final class PlainScalar {
  private static final Pattern INTEGER = Pattern.compile("[-+]?(0|[1-9][0-9]{0,17})");
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\.[0-9]+|(0|[1-9][0-9]*)(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

  private PlainScalar() {}

  static @Nullable Object value(String text) {
    return switch (text) {
      case "", "~", "null", "Null", "NULL" -> null;
      case "true", "True", "TRUE" -> true;
      case "false", "False", "FALSE" -> false;
      default -> numberOrText(text);
    };
  }

  private static Object numberOrText(String text) {
    char first = text.charAt(0);
    if (first != '-' && first != '+' && first != '.' && (first < '0' || first > '9')) {
      return text;
    }
    if (INTEGER.matcher(text).matches()) {
      return Long.valueOf(text.charAt(0) == '+' ? text.substring(1) : text);
    }
    return NUMBER.matcher(text).matches() ? (Object) Double.valueOf(text) : text;
  }
}
