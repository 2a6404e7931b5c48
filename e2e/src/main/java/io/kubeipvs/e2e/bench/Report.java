package io.kubeipvs.e2e.bench;

import java.io.PrintStream;
import java.util.Locale;

/** The table: lines of raw figures, and lines that compare one with a target. */
final class Report {
  private final PrintStream out;

  Report(PrintStream out) {
    this.out = out;
  }

  /** What a ratio should be. */
  record Target(double limit, boolean atLeast) {
    static Target atLeast(double limit) {
      return new Target(limit, true);
    }

    static Target atMost(double limit) {
      return new Target(limit, false);
    }

    boolean isMet(double value) {
      return atLeast ? value >= limit : value <= limit;
    }
  }

  void section(String title) {
    line("");
    line(title);
  }

  /** A process: seconds, and the most memory it had. */
  void run(String what, Run run) {
    line("  %-58s %9.3f s  peak %6.1f MiB", what, run.seconds(), run.peakKib() / 1024.0);
  }

  void seconds(String what, double seconds) {
    line("  %-58s %9.3f s", what, seconds);
  }

  void milliseconds(String what, Samples samples) {
    line(
        "  %-58s median %7.1f ms  p99 %7.1f ms",
        what, samples.median() * 1000, samples.percentile(99) * 1000);
  }

  void figure(String what, String value) {
    line("  %-58s %s", what, value);
  }

  /** A ratio of which nothing was promised. */
  void ratio(String what, double value) {
    line("  %-58s %9.2f x", "= " + what, value);
  }

  /** A figure, and whether it is what was wanted. */
  void target(String what, double value, String unit, Target target) {
    line(
        "  %-58s %9.2f %-3s target %s %s: %s",
        "= " + what,
        value,
        unit,
        target.atLeast() ? ">=" : "<=",
        target.limit(),
        target.isMet(value) ? "met" : "MISSED");
  }

  private void line(String format, Object... arguments) {
    out.println(String.format(Locale.ROOT, format, arguments).stripTrailing());
  }
}
