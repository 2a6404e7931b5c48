package io.kubeipvs.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.proxy.diff.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each metric, its figures, and the list of them in the documentation. */
class MetricsTest {
  /** Labels are ours, so a value holds no brace; values may hold anything else. */
  private static final Pattern SAMPLE = Pattern.compile("([a-z_0-9]+)(?:\\{(.*)})? (\\S+)");

  private final MeteredBench bench = new MeteredBench();

  @Test
  void everyLineIsOfAMetricInTheListWithItsTypeAndLabels() throws IOException {
    bench.everythingHappens();

    Set<Metric> seen = EnumSet.noneOf(Metric.class);
    Metric current = Metric.BUILD_INFO;
    for (String line : bench.scrape(EnumSet.allOf(MetricNames.class), 100).lines().toList()) {
      if (line.startsWith("# TYPE ")) {
        String[] words = line.split(" ", -1);
        current = metric(words[2]);
        assertThat(words[3]).as(line).isEqualTo(current.type().text());
        assertThat(seen.add(current)).as("once: " + line).isTrue();
      } else if (!line.startsWith("#")) {
        Matcher sample = SAMPLE.matcher(line);
        assertThat(sample.matches()).as(line).isTrue();
        assertThat(sample.group(1)).startsWith(current.fullName());
        Set<String> labels = labels(sample.group(2));
        labels.removeAll(Set.of("le"));
        assertThat(labels).as(line).isEqualTo(new TreeSet<>(current.labels()));
      }
    }
    Set<Metric> missing = EnumSet.complementOf(EnumSet.copyOf(seen));
    // The kernel's figure is not there where the kernel has no connection tracking.
    missing.removeAll(Set.of(Metric.CONNTRACK_ENTRIES, Metric.CONNTRACK_MAX_ENTRIES));
    assertThat(missing).isEmpty();
  }

  @Test
  void documentHasTheSameTable() throws IOException {
    List<String> expected = new ArrayList<>();
    for (Metric metric : Metric.values()) {
      expected.add(
          "| `%s` | %s | %s | %s | %s |"
              .formatted(
                  metric.fullName(),
                  metric.type().text(),
                  String.join(", ", metric.labels()),
                  metric.unit(),
                  metric.help()));
    }
    List<String> documented =
        Files.readAllLines(document()).stream().filter(line -> line.startsWith("| `")).toList();
    assertThat(documented).isEqualTo(expected);
  }

  @Test
  void bucketsAreKubeProxys() throws IOException {
    bench.everythingHappens();
    String text = bench.scrape(Set.of(), 100);

    assertThat(buckets(text, "kubeproxy_sync_proxy_rules_duration_seconds"))
        .containsExactly(
            "0.001", "0.002", "0.004", "0.008", "0.016", "0.032", "0.064", "0.128", "0.256",
            "0.512", "1.024", "2.048", "4.096", "8.192", "16.384", "+Inf");
    assertThat(buckets(text, "kubeproxy_network_programming_duration_seconds"))
        .startsWith("0.25", "0.5", "1.0", "2.0")
        .contains("59.0", "60.0", "65.0", "115.0", "120.0", "150.0")
        .endsWith("300.0", "+Inf")
        .hasSize(2 + 59 + 12 + 7 + 1);
  }

  @Test
  void figuresAreWhatHappened() throws IOException {
    bench.everythingHappens();
    String text = bench.scrape(Set.of(), 100);

    assertThat(text)
        .contains("kubeproxy_sync_proxy_rules_duration_seconds_count{ip_family=\"IPv4\",} 3.0")
        .contains("kubeproxy_sync_full_proxy_rules_duration_seconds_count{ip_family=\"IPv4\",} 3.0")
        .contains(
            "kubeproxy_sync_partial_proxy_rules_duration_seconds_count{ip_family=\"IPv4\",} 0.0")
        .contains("kubeproxy_sync_proxy_rules_service_changes_total 2.0")
        .contains(
            "kubeproxy_sync_proxy_rules_iptables_total{ip_family=\"IPv4\",table=\"nat\",} 40.0")
        .contains("kubeproxy_sync_proxy_rules_iptables_last{ip_family=\"IPv4\",table=\"nat\",} 7.0")
        .contains("partial_restore_failures_total{ip_family=\"IPv4\",} 1.0")
        .contains("kubeipvs_mode{mode=\"iptables\",} 1.0")
        .contains("kubeipvs_mode_fallback 0.0")
        .contains("kubeproxy_sync_proxy_rules_endpoint_changes_total 2.0")
        .contains("kubeproxy_sync_proxy_rules_service_changes_pending 0.0")
        .contains("kubeproxy_network_programming_duration_seconds_count{ip_family=\"IPv4\",} 1.0")
        .contains(
            "kubeproxy_network_programming_duration_seconds_bucket{ip_family=\"IPv4\",le=\"2.0\",} 1.0")
        .contains(
            "kubeproxy_network_programming_duration_seconds_bucket{ip_family=\"IPv4\",le=\"1.0\",} 0.0")
        .contains(
            "kubeproxy_sync_proxy_rules_no_local_endpoints_total{ip_family=\"IPv4\",traffic_policy=\"internal\",} 1.0")
        .contains(
            "kubeproxy_sync_proxy_rules_no_local_endpoints_total{ip_family=\"IPv6\",traffic_policy=\"internal\",} 0.0")
        .contains("kubeproxy_proxy_healthz_total{code=\"503\",} 1.0")
        .contains("kubeipvs_drift_repairs_total{kind=\"add_server\",} 1.0")
        .contains("kubeipvs_operation_failures_total{kind=\"add_server\",} 1.0")
        .contains("kubeipvs_syncs_total{look=\"full\",result=\"given_up\",} 1.0")
        .contains("kubeipvs_services_programmed 2")
        .contains("kubeipvs_services_foreign 1")
        .contains("kubeipvs_services_desired 2.0")
        .contains(
            "kubeipvs_endpoint_weight{namespace=\"default\",service=\"web\",port=\"80\","
                + "kind=\"cluster_ip\",protocol=\"TCP\",address=\"10.96.0.10:80\","
                + "endpoint=\"10.1.0.1:8080\"} 1")
        .contains("kubeipvs_detail_left_out 0")
        .contains("kubeipvs_ipset_entries{set=\"KUBE-CLUSTER-IP\"} 2")
        .doesNotContain("node_ipvs")
        .doesNotContain("kube_router");
  }

  @Test
  void everyKindOfOperationIsShownFromTheBeginning() throws IOException {
    String text = bench.scrape(Set.of(), 0);

    assertThat(text)
        .contains("kubeipvs_drift_repairs_total{kind=\"add_server\",} 0.0")
        .contains("kubeipvs_operation_failures_total{kind=\"delete_entry\",} 0.0");
    bench.everythingHappens();
    for (Operation done : bench.fullSync().done()) {
      assertThat(SyncSummary.kinds()).contains(SyncSummary.kind(done));
    }
    assertThat(
            bench
                .scrape(Set.of(), 0)
                .lines()
                .filter(l -> l.startsWith("kubeipvs_operations_total{")))
        .hasSize(SyncSummary.kinds().size());
  }

  @Test
  void detailIsLimitedAndWhatIsLeftOutIsCounted() throws IOException {
    bench.everythingHappens();

    assertThat(bench.scrape(Set.of(), 1))
        .contains("kubeipvs_detail_left_out 1")
        .contains("service=\"local\"")
        .doesNotContain("service=\"web\"");
    assertThat(bench.scrape(Set.of(), 0)).doesNotContain("kubeipvs_endpoint_weight");
  }

  private static Path document() {
    Path here = Path.of("docs", "metrics.md");
    return Files.exists(here) ? here : Path.of("..").resolve(here);
  }

  private static Metric metric(String name) {
    for (Metric metric : Metric.values()) {
      if (metric.fullName().equals(name)) {
        return metric;
      }
    }
    throw new AssertionError(name + " is not in the list");
  }

  private static Set<String> labels(@Nullable String text) {
    Set<String> names = new TreeSet<>();
    if (text != null) {
      Matcher label = Pattern.compile("([a-z_]+)=\"[^\"]*\"").matcher(text);
      while (label.find()) {
        names.add(label.group(1));
      }
    }
    return names;
  }

  private static List<String> buckets(String text, String name) {
    List<String> bounds = new ArrayList<>();
    Matcher bucket =
        Pattern.compile(name + "_bucket\\{ip_family=\"IPv4\",le=\"([^\"]*)\",} ").matcher(text);
    while (bucket.find()) {
      bounds.add(bucket.group(1));
    }
    return bounds;
  }
}
