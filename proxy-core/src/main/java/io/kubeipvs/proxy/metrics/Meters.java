package io.kubeipvs.proxy.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;

/**
 * Meters of metrics in the list, under exactly the names in the list. The registry is the older of
 * Micrometer's two for Prometheus: the newer refuses names that kube-proxy has, such as that of a
 * gauge that ends in {@code _total}.
 */
@SuppressWarnings("deprecation")
final class Meters {
  /** Micrometer adds one to each timer; kube-proxy has no such thing. */
  private static final String MAXIMUM = "_max";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /**
   * What counters are read from. Micrometer holds the source of such a counter by a weak reference
   * only, and a counter whose source was collected stands still at what it last said.
   */
  private final List<DoubleSupplier> sources = new CopyOnWriteArrayList<>();

  Meters() {
    registry.config().namingConvention(NamingConvention.identity);
  }

  void count(Metric metric, double amount, String... labels) {
    counter(metric, labels).increment(amount);
  }

  /** Shows 0 until something is counted. */
  Counter counter(Metric metric, String... labels) {
    return Counter.builder(metric.fullName())
        .description(metric.help())
        .tags(tags(metric, labels))
        .register(registry);
  }

  /** One that is read when it is asked for. */
  void counterOf(Metric metric, DoubleSupplier value, String... labels) {
    sources.add(value);
    FunctionCounter.builder(metric.fullName(), value, DoubleSupplier::getAsDouble)
        .description(metric.help())
        .tags(tags(metric, labels))
        .register(registry);
  }

  void gaugeOf(Metric metric, DoubleSupplier value, String... labels) {
    Gauge.builder(metric.fullName(), value::getAsDouble)
        .description(metric.help())
        .tags(tags(metric, labels))
        .register(registry);
  }

  Timer timer(Metric metric, Duration[] buckets, String... labels) {
    Timer.Builder builder =
        Timer.builder(metric.fullName()).description(metric.help()).tags(tags(metric, labels));
    return (buckets.length == 0 ? builder : builder.serviceLevelObjectives(buckets))
        .register(registry);
  }

  private static List<Tag> tags(Metric metric, String... values) {
    if (values.length != metric.labels().size()) {
      throw new IllegalArgumentException(metric + " has the labels " + metric.labels());
    }
    List<Tag> tags = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      tags.add(Tag.of(metric.labels().get(i), values[i]));
    }
    return tags;
  }

  void writeTo(Writer out) throws IOException {
    List<MetricFamilySamples> families = new ArrayList<>();
    for (MetricFamilySamples family :
        Collections.list(registry.getPrometheusRegistry().metricFamilySamples())) {
      if (!family.name.endsWith(MAXIMUM)) {
        families.add(family);
      }
    }
    TextFormat.write004(out, Collections.enumeration(families));
  }
}
