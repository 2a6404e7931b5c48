package io.kubeipvs.proxy.metrics;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Series by the thousand as text (version 0.0.4), without an object for each. The lines of a metric
 * must stand together, so they are gathered by metric.
 */
final class SeriesText {
  private final Map<Metric, StringBuilder> lines = new EnumMap<>(Metric.class);

  void add(Metric metric, long value, List<String> labelValues) {
    add(metric, String.valueOf(value), labelValues);
  }

  private void add(Metric metric, String value, List<String> labelValues) {
    StringBuilder out = lines.computeIfAbsent(metric, SeriesText::heading);
    out.append(metric.fullName());
    for (int i = 0; i < labelValues.size(); i++) {
      out.append(i == 0 ? '{' : ',').append(metric.labels().get(i)).append("=\"");
      escape(labelValues.get(i), out);
      out.append('"');
    }
    out.append(labelValues.isEmpty() ? " " : "} ");
    out.append(value).append('\n');
  }

  void addFraction(Metric metric, double value) {
    add(metric, String.valueOf(value), List.of());
  }

  void add(Metric metric, long value, String... labelValues) {
    add(metric, value, List.of(labelValues));
  }

  private static StringBuilder heading(Metric metric) {
    return new StringBuilder()
        .append("# HELP ")
        .append(metric.fullName())
        .append(' ')
        .append(metric.help())
        .append('\n')
        .append("# TYPE ")
        .append(metric.fullName())
        .append(' ')
        .append(metric.type().text())
        .append('\n');
  }

  /** Names come from the cluster. */
  private static void escape(String value, StringBuilder out) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\\' -> out.append("\\\\");
        case '"' -> out.append("\\\"");
        case '\n' -> out.append("\\n");
        default -> out.append(c);
      }
    }
  }

  void appendTo(StringBuilder all) {
    lines.values().forEach(all::append);
  }
}
