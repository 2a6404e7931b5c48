package io.kubeipvs.iptables;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Makes sense of what a failed tool printed. */
final class ToolErrors {
  /**
   * {@code Error occurred at line: 3}, {@code line 3 failed}, {@code line 3: RULE_APPEND failed}.
   * What only the kernel finds wrong, the legacy tool reports for the line of COMMIT.
   */
  private static final Pattern LINE = Pattern.compile("\\bline:? ([0-9]{1,9})\\b");

  /** The shell's exit code for a program that cannot be run. */
  private static final int NOT_EXECUTABLE = 126;

  /** ENOMEM, as the C library and the legacy tool say it, EAGAIN and ENOBUFS. */
  private static final List<String> OUT_OF_ORDER =
      List.of(
          "Cannot allocate memory",
          "Memory allocation problem",
          "Resource temporarily unavailable",
          "No buffer space available");

  private ToolErrors() {}

  /** {@code # Warning: iptables-legacy tables present, use iptables-legacy-save to see them}. */
  static List<String> notes(String errors) {
    return errors
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.substring(1).strip())
        .toList();
  }

  /**
   * Whether it says nothing about what it was given: it could not run, was killed (128 and the
   * signal), or there was no memory for it.
   */
  static boolean isOutOfOrder(ToolRunner.Result result) {
    return result.exitCode() >= NOT_EXECUTABLE
        || OUT_OF_ORDER.stream().anyMatch(result.errors()::contains);
  }

  static boolean isLockTimeout(String errors) {
    return errors.contains("holding the xtables lock");
  }

  static IptablesException restoreFailed(String tool, String input, ToolRunner.Result result) {
    Matcher matcher = LINE.matcher(result.errors());
    int line = matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    return new IptablesException(tool, line, lineOf(input, line), words(result));
  }

  static IptablesException failed(String tool, ToolRunner.Result result) {
    return new IptablesException(tool, 0, "", words(result));
  }

  static ToolOutOfOrderException outOfOrder(String tool, ToolRunner.Result result) {
    return new ToolOutOfOrderException(tool + ": " + words(result));
  }

  private static String words(ToolRunner.Result result) {
    String words =
        result
            .errors()
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("Try `"))
            .collect(Collectors.joining("; "));
    return words.isEmpty() ? "exit code " + result.exitCode() : words;
  }

  private static String lineOf(String input, int line) {
    return line == 0 ? "" : input.lines().skip(line - 1L).findFirst().orElse("(behind the end)");
  }
}
