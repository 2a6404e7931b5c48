package io.kubeipvs.proxy.metrics;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Series by the thousand as text (version 0.0.4), without an object for each. The lines of a metric
 * must stand together, so they are gathered by metric.
 */
final class SeriesText {
  private static final int PIECE = 8192;

  private final Map<Metric, Pieces> lines = new EnumMap<>(Metric.class);

  /**
   * Text in pieces of some {@link #PIECE} characters: one that grew to megabytes would be copied on
   * its way there, and the copies, too large for the young generation, make the heap grow.
   */
  private static final class Pieces {
    private final List<StringBuilder> full = new ArrayList<>();
    private StringBuilder last = new StringBuilder();

    StringBuilder forNextLine() {
      if (last.length() > PIECE) {
        full.add(last);
        last = new StringBuilder(PIECE + PIECE / 8);
      }
      return last;
    }

    void writeTo(Writer out) throws IOException {
      for (StringBuilder piece : full) {
        out.append(piece);
      }
      out.append(last);
    }
  }

  void add(Metric metric, long value, List<String> labelValues) {
    add(metric, String.valueOf(value), labelValues);
  }

  private void add(Metric metric, String value, List<String> labelValues) {
    sample(metric, "", value, metric.labels(), labelValues);
  }

  /** Its buckets, each with all that is less, its sum and its count. */
  void add(Metric metric, Histogram histogram, String... labelValues) {
    List<String> names = new ArrayList<>(metric.labels());
    names.add("le");
    List<String> values = new ArrayList<>(List.of(labelValues));
    values.add("");
    long count = 0;
    for (int i = 0; i < histogram.counts.length; i++) {
      boolean last = i == histogram.bounds.length;
      values.set(labelValues.length, last ? "+Inf" : String.valueOf(histogram.bounds[i]));
      count += histogram.counts[i];
      sample(metric, "_bucket", String.valueOf(count), names, values);
    }
    List<String> labels = List.of(labelValues);
    sample(metric, "_sum", String.valueOf(histogram.sum), metric.labels(), labels);
    sample(metric, "_count", String.valueOf(count), metric.labels(), labels);
  }

  /** Counts by size. For one thread at a time. */
  static final class Histogram {
    private final double[] bounds;
    private final long[] counts;
    private double sum;

    Histogram(double... bounds) {
      this.bounds = bounds.clone();
      this.counts = new long[bounds.length + 1];
    }

    void record(double value) {
      int bucket = 0;
      while (bucket < bounds.length && value > bounds[bucket]) {
        bucket++;
      }
      counts[bucket]++;
      sum += value;
    }
  }

  private void sample(
      Metric metric, String suffix, String value, List<String> names, List<String> labelValues) {
    StringBuilder out = lines.computeIfAbsent(metric, SeriesText::headed).forNextLine();
    out.append(metric.fullName()).append(suffix);
    for (int i = 0; i < labelValues.size(); i++) {
      out.append(i == 0 ? '{' : ',').append(names.get(i)).append("=\"");
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

  private static Pieces headed(Metric metric) {
    Pieces pieces = new Pieces();
    pieces
        .last
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
    return pieces;
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

  /** And forgets each metric that is written: all of it once is enough. */
  void writeTo(Writer out) throws IOException {
    for (Iterator<Pieces> all = lines.values().iterator(); all.hasNext(); ) {
      all.next().writeTo(out);
      all.remove();
    }
  }
}
