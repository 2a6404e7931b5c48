package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.json.JsonValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Debian's Prometheus scrapes the daemon with our alert rules loaded, while there is traffic, a
 * change and a repair. Each query of the dashboard, of the alerts and of the kubernetes-mixin's
 * proxy dashboard then has an answer.
 */
@Tag("long")
final class MonitoringE2E extends ExposedScenario {
  private static final String PROMETHEUS = "http://127.0.0.1:9090/api/v1/";
  private static final Path MONITORING =
      Path.of(System.getProperty("kubeipvs.project", "..")).resolve("deploy/monitoring");

  /** What the mixin's dashboard "Kubernetes / Proxy" asks, with its variables filled in. */
  private static final List<String> MIXIN =
      List.of(
          "sum(up{job=\"kube-proxy\"})",
          "sum(rate(kubeproxy_sync_proxy_rules_duration_seconds_count{job=\"kube-proxy\",instance=~\".+\"}[1m]))",
          "histogram_quantile(0.99,rate(kubeproxy_sync_proxy_rules_duration_seconds_bucket{job=\"kube-proxy\",instance=~\".+\"}[1m]))",
          "sum(rate(kubeproxy_network_programming_duration_seconds_count{job=\"kube-proxy\",instance=~\".+\"}[1m])) by (instance)",
          "histogram_quantile(0.99, sum(rate(kubeproxy_network_programming_duration_seconds_bucket{job=\"kube-proxy\",instance=~\".+\"}[1m])) by (instance, le))",
          "process_resident_memory_bytes{job=\"kube-proxy\",instance=~\".+\"}",
          "rate(process_cpu_seconds_total{job=\"kube-proxy\",instance=~\".+\"}[1m])",
          "go_goroutines{job=\"kube-proxy\",instance=~\".+\"}");

  /** Also the mixin's; there is nothing to ask of an API server where manifests are the source. */
  private static final List<String> OF_THE_API =
      List.of(
          "sum(rate(rest_client_requests_total{job=\"kube-proxy\",instance=~\".+\",code=~\"2..\"}[1m]))",
          "sum(rate(rest_client_requests_total{job=\"kube-proxy\",instance=~\".+\"}[1m]))",
          "histogram_quantile(0.99, sum(rate(rest_client_request_duration_seconds_bucket{job=\"kube-proxy\"}[1m])) by (verb, le))");

  @Test
  void everyQueryIsAnswered() throws IOException {
    serve(web("NodePort"), a, b);
    start("--ipvs-sync-period=5s", "--metrics-names=node-exporter,kube-router");
    awaitServed(ServiceKey.of(Protocol.TCP, VIP, PORT), a, b);
    Process prometheus = startPrometheus();
    try {
      Await.until(PATIENCE, () -> !values("up == 1").isEmpty(), () -> "nothing is scraped");
      traffic();
      node1
          .run("ipvsadm", "-e", "-t", VIP + ":80", "-r", a.v4() + ":8080", "-m", "-w", "9")
          .orFail();
      serveAsTriggeredNow(a, b, c);
      Await.until(
          PATIENCE,
          () -> !values("sum(kubeipvs_drift_repairs_total) > 0").isEmpty(),
          () -> "the repair is not counted");
      traffic();
      queriesAreAnswered();
      rulesAreLoadedAndSilentOrRight();
      figure("series of this daemon", values("count({job=\"kube-proxy\"})"));
      figure("scrape", values("scrape_duration_seconds") + " s");
    } finally {
      prometheus.destroyForcibly();
    }
  }

  /** As the endpoints controller writes it, so that the time until it is in force is known. */
  private void serveAsTriggeredNow(Pod... pods) {
    List<Object> all = new ArrayList<>(List.of(web("NodePort")));
    String annotation =
        "metadata:\n  annotations: {endpoints.kubernetes.io/last-change-trigger-time: '%s'}\n"
            .formatted(Instant.now());
    for (SliceManifest slice : slices("web", pods)) {
      all.add(slice.toString().replace("metadata:\n", annotation));
    }
    write("web.yaml", all.toArray());
  }

  private void traffic() {
    Answers answers = asker.request(fresh(Protocol.TCP, VIP, PORT, 30));
    assertThat(answers.failures()).isEmpty();
  }

  private Process startPrometheus() throws IOException {
    Path directory = directory();
    Files.copy(MONITORING.resolve("alerts.yaml"), directory.resolve("alerts.yaml"));
    Files.writeString(
        directory.resolve("prometheus.yml"),
        """
        global: {scrape_interval: 2s, evaluation_interval: 2s}
        rule_files: [alerts.yaml]
        scrape_configs:
          - job_name: kube-proxy
            static_configs: [{targets: ['127.0.0.1:10249']}]
        """);
    return new ProcessBuilder(
            node1
                .namespace()
                .command(
                    List.of(
                        "prometheus",
                        "--config.file=" + directory.resolve("prometheus.yml"),
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=127.0.0.1:9090",
                        "--log.level=warn")))
        .inheritIO()
        .start();
  }

  private void queriesAreAnswered() throws IOException {
    List<String> unanswered = new ArrayList<>();
    List<String> queries = new ArrayList<>(dashboardQueries());
    assertThat(queries).hasSizeGreaterThan(25);
    queries.addAll(MIXIN);
    if (ApiProcess.isAskedFor()) {
      queries.addAll(OF_THE_API);
    }
    for (String query : queries) {
      if (values(query).isEmpty()) {
        unanswered.add(query);
      }
    }
    assertThat(unanswered).isEmpty();
    figure("queries answered", queries.size());
  }

  private static List<String> dashboardQueries() throws IOException {
    JsonValue dashboard = JsonValue.parse(Files.readString(MONITORING.resolve("dashboard.json")));
    List<String> queries = new ArrayList<>();
    for (JsonValue panel : dashboard.get("panels").items()) {
      for (JsonValue target : panel.get("targets").items()) {
        queries.add(
            target
                .get("expr")
                .text()
                .replace("$__rate_interval", "1m")
                .replace("$instance", ".*")
                .replace("$namespace", ".*")
                .replace("$service", ".*"));
      }
    }
    return queries;
  }

  /** Only what we did may be complained of; on a slow machine others may be about to. */
  private void rulesAreLoadedAndSilentOrRight() {
    JsonValue group = ask("rules").get("data").get("groups").items().get(0);
    List<String> firing = new ArrayList<>();
    int rules = 0;
    for (JsonValue rule : group.get("rules").items()) {
      rules++;
      assertThat(rule.get("health").text()).as(rule.toString()).isEqualTo("ok");
      String name = rule.get("name").text();
      String state = rule.get("state").text();
      if (state.equals("firing") || (name.equals("KubeIpvsDrift") && state.equals("pending"))) {
        firing.add(name);
      }
    }
    assertThat(rules).isGreaterThan(10);
    assertThat(firing).containsExactly("KubeIpvsDrift");
  }

  private List<String> values(String query) {
    List<String> values = new ArrayList<>();
    JsonValue answer = ask("query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
    assertThat(answer.get("status").text()).as(query + ": " + answer).isEqualTo("success");
    for (JsonValue sample : answer.get("data").get("result").items()) {
      String value = sample.get("value").items().get(1).text();
      if (!value.equals("NaN")) {
        values.add(value);
      }
    }
    return values;
  }

  private JsonValue ask(String path) {
    String[] words = {
      "curl", "-sg", "-m", "20", "--retry", "30", "--retry-connrefused", PROMETHEUS + path
    };
    try {
      return JsonValue.parse(node1.run(words).orFail().stdout());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
