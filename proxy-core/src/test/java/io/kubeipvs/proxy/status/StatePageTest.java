package io.kubeipvs.proxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.Ipvs;
import io.kubeipvs.proxy.config.ModeInForce;
import io.kubeipvs.proxy.health.ProxyHealth;
import io.kubeipvs.proxy.http.HttpAnswer;
import io.kubeipvs.proxy.http.HttpQuestion;
import io.kubeipvs.proxy.json.JsonValue;
import io.kubeipvs.proxy.source.Problem;
import io.kubeipvs.proxy.state.ChangeTracker;
import io.kubeipvs.proxy.sync.SyncStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StatePageTest {
  private static final String HOSTILE = "<img src=x onerror=alert(1)>";

  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final ChangeTracker tracker = new ChangeTracker("node1");

  @AfterEach
  void stop() {
    thread.shutdownNow();
  }

  @Test
  void figuresOfAllAndAPageOfThem() throws Exception {
    JsonValue state = state(new ClusterOnPaper(120, 10, tracker).fill(), "limit=20&offset=40");

    assertThat(state.get("services").number()).isEqualTo(120);
    assertThat(state.get("matching").number()).isEqualTo(120);
    assertThat(state.get("rows").items()).hasSize(20);
    assertThat(state.get("offset").number()).isEqualTo(40);
    assertThat(state.get("node").text()).isEqualTo("node1");
    assertThat(state.get("draining").number()).isPositive();
    JsonValue row = state.get("rows").items().get(0);
    assertThat(row.get("servers").items()).isNotEmpty();
    assertThat(row.get("servers").items().get(0).get("node").text()).startsWith("worker-");
  }

  @Test
  void searchFindsNamesAddressesAndPods() throws Exception {
    ClusterOnPaper cluster = new ClusterOnPaper(120, 10, tracker).fill();

    assertThat(names(state(cluster, "search=SHOP%20web")))
        .isNotEmpty()
        .allMatch(n -> n.startsWith("shop/web"));
    assertThat(names(state(cluster, "search=10.96.0.7:80"))).hasSize(1);
    JsonValue first = state(cluster, "search=10.96.0.7:80").get("rows").items().get(0);
    String pod = first.get("servers").items().get(0).get("address").text();
    assertThat(names(state(cluster, "search=" + pod.substring(0, pod.indexOf(':')))))
        .containsExactly(name(first));
    assertThat(names(state(cluster, "search=no+such"))).isEmpty();
    assertThat(state(cluster, "search=no+such").get("matching").number()).isZero();
  }

  @Test
  void filtersAndOrders() throws Exception {
    ClusterOnPaper cluster = new ClusterOnPaper(120, 10, tracker).fill();

    assertThat(state(cluster, "filter=draining").get("rows").items())
        .isNotEmpty()
        .allMatch(row -> row.get("draining").number() > 0);
    assertThat(state(cluster, "filter=empty").get("rows").items())
        .isNotEmpty()
        .allMatch(row -> row.get("serving").number() == 0);
    List<Long> rates =
        state(cluster, "sort=rate").get("rows").items().stream()
            .map(row -> row.get("rate").number())
            .toList();
    assertThat(rates).isSortedAccordingTo((one, other) -> Long.compare(other, one));
    assertThat(names(state(cluster, "filter=foreign"))).isEmpty();
  }

  @Test
  void whatIsNotOursIsShownAsSuch() throws Exception {
    ClusterOnPaper cluster = new ClusterOnPaper(3, 3, new ChangeTracker("elsewhere")).fill();
    JsonValue state = state(cluster, "filter=foreign");

    assertThat(state.get("foreign").number()).isEqualTo(3);
    assertThat(state.get("rows").items().get(0).get("kind").text()).isEqualTo("foreign");
  }

  @Test
  void absurdQuestionsAreAnswered() throws Exception {
    ClusterOnPaper cluster = new ClusterOnPaper(120, 10, tracker).fill();

    assertThat(state(cluster, "offset=99999999999999999999&limit=-3&sort=%00&filter=" + HOSTILE))
        .satisfies(state -> assertThat(state.get("rows").items()).hasSize(50));
    assertThat(state(cluster, "limit=1000000").get("rows").items()).hasSize(120);
    assertThat(state(cluster, "offset=5000").get("rows").items()).isEmpty();
    assertThat(state(cluster, "search=" + "%25".repeat(1000)).get("rows").items()).isEmpty();
    assertThat(state(cluster, "search=%zz").get("rows").items()).isEmpty();
  }

  @Test
  void textOfTheClusterIsNoMarkup() throws Exception {
    ClusterOnPaper cluster = new ClusterOnPaper(0, 1, tracker);
    cluster.add(HOSTILE, "\"><script>alert(1)</script>", 1);
    HttpAnswer answer = ask(cluster, "");
    String body = new String(answer.body(), StandardCharsets.UTF_8);

    assertThat(body).doesNotContain("<", ">");
    assertThat(answer.headers())
        .containsEntry("Content-Type", "application/json")
        .containsEntry("X-Content-Type-Options", "nosniff");
    assertThat(JsonValue.parse(body).get("problems").items().get(0).text()).contains(HOSTILE);
  }

  @Test
  void pageRunsNothingButItsOwnScript() throws Exception {
    HttpAnswer page =
        new StatusPage()
            .handle(new HttpQuestion("GET", "/", false, false))
            .toCompletableFuture()
            .get();
    String html = new String(page.body(), StandardCharsets.UTF_8);

    assertThat(page.headers().get("Content-Security-Policy"))
        .startsWith("default-src 'none'; connect-src 'self'; img-src data:; style-src 'sha256-")
        .contains("script-src 'sha256-", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(html)
        .startsWith("<!doctype html>")
        .doesNotContain(
            " src=", "@import", "url(", "https:", " style=", "onclick=", "innerHTML", "eval(")
        .doesNotContain("/*STYLE*/", "/*SCRIPT*/");
    System.out.println("figure: status page: " + page.body().length + " bytes");
  }

  private static List<String> names(JsonValue state) {
    return state.get("rows").items().stream().map(StatePageTest::name).toList();
  }

  private static String name(JsonValue row) {
    return row.get("namespace").text() + "/" + row.get("service").text();
  }

  private JsonValue state(Ipvs kernel, String query) throws Exception {
    return JsonValue.parse(new String(ask(kernel, query).body(), StandardCharsets.UTF_8));
  }

  private HttpAnswer ask(Ipvs kernel, String query) throws Exception {
    return new StatePage(facts(tracker), () -> kernel, thread)
        .handle(new HttpQuestion("GET", StatePage.PATH, query, false, false))
        .toCompletableFuture()
        .get();
  }

  private static Facts facts(ChangeTracker tracker) {
    SyncStatus status =
        new SyncStatus(
            3,
            Optional.of(Instant.EPOCH),
            12,
            List.of(),
            List.of(new Problem("a.yaml", "Service default/web", "spec.ports", HOSTILE)),
            List.of(),
            List.of(),
            120,
            500,
            0);
    ProxyHealth health = new ProxyHealth(tracker, Duration.ofSeconds(60), InstantSource.system());
    return new Facts("node1", "1.0", ModeInForce.IPVS, () -> status, health::verdict, tracker);
  }
}
