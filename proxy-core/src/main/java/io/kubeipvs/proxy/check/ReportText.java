package io.kubeipvs.proxy.check;

import io.kubeipvs.proxy.inspect.Words;
import java.util.ArrayList;
import java.util.List;

/** A report for a person. Lines are as long as their content: terminals wrap, scripts cut. */
public final class ReportText {
  private static final String INDENT = "        ";

  private final boolean wide;

  /**
   * @param wide what is well too
   */
  public ReportText(boolean wide) {
    this.wide = wide;
  }

  /** The lines, with what was changed before. */
  public String of(Report report, Fixer.Result fixed) {
    StringBuilder text = new StringBuilder();
    fixed.done().forEach(line -> text.append("done    ").append(Words.plain(line)).append('\n'));
    fixed.failed().forEach(line -> text.append("failed  ").append(Words.plain(line)).append('\n'));
    List<Finding> shown = new ArrayList<>();
    for (Finding finding : report.findings()) {
      if (wide || finding.severity() != Severity.OK) {
        shown.add(finding);
      }
    }
    shown.sort((one, other) -> other.severity().compareTo(one.severity()));
    shown.forEach(finding -> append(text, finding));
    return text.append(summary(report)).append('\n').toString();
  }

  private static void append(StringBuilder text, Finding finding) {
    String severity = finding.severity().toString();
    text.append(severity).append(" ".repeat(8 - severity.length()));
    text.append(finding.id()).append(": ").append(Words.plain(finding.reason())).append('\n');
    finding.evidence().forEach(line -> text.append(INDENT).append(Words.plain(line)).append('\n'));
    if (!finding.remedy().isEmpty()) {
      text.append(INDENT).append("> ").append(Words.plain(finding.remedy()));
      text.append(finding.fix().isPresent() ? "   (--fix does it)\n" : "\n");
    }
  }

  private static String summary(Report report) {
    List<String> parts = new ArrayList<>();
    for (Severity severity : Severity.values()) {
      long count = report.count(severity);
      if (count > 0) {
        parts.add(count + " " + severity);
      }
    }
    return report.findings().size() + " findings: " + String.join(", ", parts);
  }
}
