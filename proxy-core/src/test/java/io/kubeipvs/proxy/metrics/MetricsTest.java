package io.kubeipvs.proxy.metrics;

import static io.kubeipvs.proxy.Objects.OLD;
import static io.kubeipvs.proxy.Objects.service;
import static io.kubeipvs.proxy.Objects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.iptables.Table;
import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.proxy.Reports;
import io.kubeipvs.proxy.apply.RuleFigures;
import io.kubeipvs.proxy.config.ModeInForce;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.history.History;
import io.kubeipvs.proxy.http.HttpAnswer;
import io.kubeipvs.proxy.http.HttpQuestion;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.TrafficPolicy;
import io.kubeipvs.proxy.source.kubernetes.ApiCall;
import io.kubeipvs.proxy.state.ChangeTracker;
import io.kubeipvs.proxy.sync.Bench;
import io.kubeipvs.proxy.sync.SyncReport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private static final ServiceKey WEB = ServiceKey.of(Protocol.TCP, IpAddress.of("10.96.0.10"), 80);
  private static final ServiceKey FOREIGN =
      ServiceKey.of(Protocol.TCP, IpAddress.of("203.0.113.7"), 80);

  private static final RuleFigures RULES =
      new RuleFigures(Map.of(Table.NAT, 40, Table.FILTER, 15), Map.of(Table.NAT, 7), 2, 1);

  private final Bench bench = new Bench();
  private final ProxyMetrics metrics =
      new ProxyMetrics(
          Runnable::run,
          () -> bench.loop.status(),
          bench.tracker,
          Set.of(AddressFamily.IPV4, AddressFamily.IPV6),
          new NetlinkCounters(NetlinkTrace.NONE),
          () -> 0,
          new History(1, 1, Instant.EPOCH),
          () -> bench.now);

  /** Labels are ours, so a value holds no brace; values may hold anything else. */
  private static final Pattern SAMPLE = Pattern.compile("([a-z_0-9]+)(?:\\{(.*)})? (\\S+)");

  @Test
  void everyLineIsOfAMetricInTheListWithItsTypeAndLabels() throws IOException {
    everythingHappens();

    Set<Metric> seen = EnumSet.noneOf(Metric.class);
    Metric current = Metric.BUILD_INFO;
    for (String line : scrape(EnumSet.allOf(MetricNames.class), 100).lines().toList()) {
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

  private static Path document() {
    Path here = Path.of("docs", "metrics.md");
    return Files.exists(here) ? here : Path.of("..").resolve(here);
  }

  @Test
  void bucketsAreKubeProxys() throws IOException {
    everythingHappens();
    String text = scrape(Set.of(), 100);

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
    everythingHappens();
    String text = scrape(Set.of(), 100);

    assertThat(text)
        .contains("kubeproxy_sync_proxy_rules_duration_seconds_count{ip_family=\"IPv4\",} 3.0")
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
    String text = scrape(Set.of(), 0);

    assertThat(text)
        .contains("kubeipvs_drift_repairs_total{kind=\"add_server\",} 0.0")
        .contains("kubeipvs_operation_failures_total{kind=\"delete_entry\",} 0.0");
    everythingHappens();
    for (Operation done : bench.fullSync().done()) {
      assertThat(SyncSummary.kinds()).contains(SyncSummary.kind(done));
    }
    assertThat(scrape(Set.of(), 0).lines().filter(l -> l.startsWith("kubeipvs_operations_total{")))
        .hasSize(SyncSummary.kinds().size());
  }

  @Test
  void detailIsLimitedAndWhatIsLeftOutIsCounted() throws IOException {
    everythingHappens();

    assertThat(scrape(Set.of(), 1))
        .contains("kubeipvs_detail_left_out 1")
        .contains("service=\"local\"")
        .doesNotContain("service=\"web\"");
    assertThat(scrape(Set.of(), 0)).doesNotContain("kubeipvs_endpoint_weight");
  }

  @Test
  void pageIsTextAndCompressedForThoseWhoAccept() throws Exception {
    everythingHappens();
    MetricsPage page = new MetricsPage(metrics, () -> null, Runnable::run);
    HttpAnswer plain = ask(page, false);
    HttpAnswer compressed = ask(page, true);

    assertThat(plain.headers())
        .containsEntry("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    assertThat(compressed.headers()).containsEntry("Content-Encoding", "gzip");
    String text =
        new String(
            new GZIPInputStream(new ByteArrayInputStream(compressed.body())).readAllBytes(),
            StandardCharsets.UTF_8);
    assertThat(text).startsWith("# HELP ").contains("go_goroutines");
    assertThat(compressed.body().length).isLessThan(plain.body().length / 3);
  }

  @Test
  void manyWhoAskAtOnceCostOne() throws Exception {
    List<Runnable> tasks = new ArrayList<>();
    int[] reads = {0};
    MetricsPage page =
        new MetricsPage(
            metrics,
            () -> {
              reads[0]++;
              return null;
            },
            tasks::add);
    List<HttpAnswer> answers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      page.handle(new HttpQuestion("GET", "/metrics", false, false)).thenAccept(answers::add);
    }
    assertThat(tasks).hasSize(1);
    tasks.get(0).run();

    assertThat(answers).hasSize(50);
    assertThat(reads[0]).isEqualTo(1);
  }

  @Test
  void labelsOfAnyTextStayLabels() throws IOException {
    SeriesText text = new SeriesText();
    text.add(Metric.IPSET_ENTRIES, 1, "a\"} 5\n\\b");
    StringWriter out = new StringWriter();
    text.writeTo(out);

    assertThat(out.toString()).endsWith("kubeipvs_ipset_entries{set=\"a\\\"} 5\\n\\\\b\"} 1\n");
  }

  private static HttpAnswer ask(MetricsPage page, boolean gzip) throws Exception {
    return page.handle(new HttpQuestion("GET", "/metrics", gzip, false))
        .toCompletableFuture()
        .get();
  }

  @Test
  void requestsToTheApiServerAreCountedAsKubeProxyDoes() throws IOException {
    ApiFigures api = new ApiFigures();
    api.request(call("list", 200, 30));
    api.request(call("list", 200, 3000));
    api.request(call("list", 0, 70_000));
    api.request(call("watch", 200, 1));
    api.reachable("services", false);
    StringWriter text = new StringWriter();
    api.writeTo(text);

    String series = "rest_client_request_duration_seconds_bucket{verb=\"GET\",host=\"api:6443\",";
    assertThat(text.toString())
        .contains(
            "rest_client_requests_total{code=\"200\",host=\"api:6443\",method=\"GET\"} 3\n",
            "rest_client_requests_total{code=\"<error>\",host=\"api:6443\",method=\"GET\"} 1\n",
            series + "le=\"0.025\"} 0\n",
            series + "le=\"0.1\"} 1\n",
            series + "le=\"4.0\"} 2\n",
            series + "le=\"60.0\"} 2\n",
            series + "le=\"+Inf\"} 3\n",
            "rest_client_request_duration_seconds_count{verb=\"GET\",host=\"api:6443\"} 3\n",
            "rest_client_request_duration_seconds_sum{verb=\"GET\",host=\"api:6443\"} 73.03\n",
            "kubeipvs_api_followed{resource=\"services\"} 0\n");
    assertThat(ApiFigures.BUCKETS)
        .containsExactly(0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60);
  }

  private static ApiCall call(String verb, int status, int milliseconds) {
    Duration took = Duration.ofMillis(milliseconds);
    return new ApiCall("api:6443", "GET", verb, "services", status, took);
  }

  /** Syncs, a repair, a failure, and answers of every kind. */
  private void everythingHappens() throws IOException {
    metrics.mode(ModeInForce.IPTABLES, () -> Map.of(AddressFamily.IPV4, RULES));
    ApiFigures api = new ApiFigures();
    api.request(call("list", 200, 30));
    api.reachable("services", true);
    metrics.api(api);
    bench.kernel.ipvs.tamper(
        new IpvsCommand.AddService(VirtualService.of(FOREIGN, Scheduler.ROUND_ROBIN)));
    bench.tracker.service(service("web", OLD, Protocol.TCP, "10.96.0.10"));
    bench.tracker.service(localOnly(service("local", OLD, Protocol.TCP, "10.96.0.11")));
    bench.tracker.slice(triggered(slice("web", Protocol.TCP, "10.1.0.1")));
    bench.tracker.slice(slice("local", Protocol.TCP, "10.1.0.2"));
    bench.tracker.listed();
    sync();
    bench.kernel.ipvs.tamper(
        new IpvsCommand.DeleteServer(WEB, new ServerKey(IpAddress.of("10.1.0.1"), 8080)));
    sync();
    metrics.answered("healthz", 200);
    metrics.answered("healthz", 503);
    metrics.answered("livez", 200);
    metrics.failed(new IOException("no kernel"));
    SyncReport report = bench.fullSync();
    metrics.synced(
        new SyncReport(
            true,
            0,
            List.of(),
            List.of(
                Reports.failure(
                    new IpvsCommand.AddServer(
                        WEB, RealServer.masquerade(IpAddress.of("10.1.0.9"), 8080, 1)))),
            List.of(),
            report.took(),
            1,
            report.duration()),
        bench.loop.status(),
        ChangeTracker.Applied.NOTHING);
  }

  private void sync() {
    SyncReport report = bench.fullSync();
    bench
        .tracker
        .services()
        .forEach(
            each ->
                metrics.planned(
                    each,
                    bench.tracker.input(each.name()).slices(),
                    bench.loop.desired().plan(each.name()).orElseThrow()));
    metrics.synced(report, bench.loop.status(), bench.tracker.applied());
  }

  private EndpointSlice triggered(EndpointSlice slice) {
    bench.now = Instant.now().plusSeconds(10);
    return new EndpointSlice(
        slice.name(),
        slice.service(),
        slice.family(),
        slice.ports(),
        slice.endpoints(),
        bench.now.minusMillis(1500));
  }

  private static Service localOnly(Service service) {
    return new Service(
        service.name(),
        service.uid(),
        service.resourceVersion(),
        service.created(),
        service.type(),
        service.clusterIps(),
        service.ports(),
        service.affinityTimeout(),
        TrafficPolicy.LOCAL,
        service.external(),
        service.settings());
  }

  private String scrape(Set<MetricNames> names, int limit) throws IOException {
    StringWriter out = new StringWriter();
    metrics.scrape(
        new KernelFigures(
            bench.kernel.ipvs, bench.kernel.sets, bench.tracker::services, limit, names),
        out);
    return out.toString();
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
