package io.kubeipvs.proxy.check;

import java.util.Locale;

/** How bad it is. The order of the constants is the order of reports, worst last. */
public enum Severity {
  OK,
  INFO,
  /** It could not be looked at. */
  UNKNOWN,
  WARNING,
  ERROR;

  /** What a program ends with whose worst finding is of this kind. */
  public int exitCode() {
    return switch (this) {
      case OK, INFO -> 0;
      case UNKNOWN -> 1;
      case WARNING -> 2;
      case ERROR -> 3;
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
