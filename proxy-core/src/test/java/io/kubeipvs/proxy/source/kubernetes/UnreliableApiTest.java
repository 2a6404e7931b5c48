package io.kubeipvs.proxy.source.kubernetes;

import static io.kubeipvs.proxy.source.kubernetes.SourceBench.NEVER;
import static io.kubeipvs.proxy.source.kubernetes.SourceBench.SOON;
import static io.kubeipvs.proxy.source.kubernetes.SourceBench.TIMING;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the API server answers, or does not, the source asks again and keeps what it knows. */
class UnreliableApiTest {
  private final SourceBench bench = new SourceBench();
  private final ApiStandIn api = bench.api;
  private final ClusterView seen = bench.seen;

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void losingTheServerChangesNothingAndHeals() throws Exception {
    bench.cluster();
    try (KubernetesSource source = bench.source()) {
      source.start();
      bench.awaitListed();
      seen.await("a watch", () -> bench.monitored.contains("services reached"));
      api.stop();
      seen.await("noticed", () -> bench.monitored.contains("services lost"));
      api.slice("default", "web", "10.244.0.7");
      assertThat(seen.endpoints("default", "web")).isEqualTo(2);
      api.restart();
      seen.await("healed", () -> seen.endpoints("default", "web") == 1);
      bench.awaitServicesFollowedAgain();
    }
    assertThat(seen.deletions).isZero();
  }

  @Test
  void aNodeThatMayNotBeReadHoldsNothingUp() throws Exception {
    bench.cluster();
    api.misbehave("list nodes", ApiStandIn.status(403, "nodes is forbidden"));
    try (KubernetesSource source = bench.source()) {
      source.start();
      bench.awaitListed();
      seen.await("the Node all the same", () -> seen.nodes.size() == 1);
    }
  }

  @Test
  void aServerThatRefusesIsAskedAgain() throws Exception {
    bench.cluster();
    api.misbehave(
        "list services",
        ApiStandIn.status(403, "services is forbidden"),
        ApiStandIn.status(500, "oh"),
        ApiStandIn.status(503, "starting"),
        exchange -> {
          exchange.getResponseHeaders().set("Retry-After", "1");
          ApiStandIn.status(429, "later").answer(exchange);
        });
    try (KubernetesSource source = bench.source()) {
      long start = System.nanoTime();
      source.start();
      bench.awaitListed();
      assertThat(System.nanoTime() - start).isGreaterThan(900_000_000L);
    }
    assertThat(api.count("list", "services")).isEqualTo(5);
    assertThat(bench.monitored).contains("services lost", "services reached");
  }

  @Test
  void aWatchThatIsRefusedIsAskedForAgainAndNothingIsGone() throws Exception {
    bench.cluster();
    try (KubernetesSource source = bench.source()) {
      source.start();
      bench.awaitListed();
      seen.await("a watch", () -> api.count("watch", "services") == 1);
      api.misbehave(
          "watch services",
          ApiStandIn.status(401, "Unauthorized"),
          ApiStandIn.status(401, "Unauthorized"),
          ApiStandIn.status(403, "forbidden"),
          ApiStandIn.status(429, "later"),
          ApiStandIn.status(500, "oh"),
          ApiStandIn.status(504, "gateway timeout"));
      api.endWatches();
      api.service("default", "late", "10.96.0.40");
      seen.await("an event", () -> seen.has("default", "late"));
    }
    assertThat(seen.deletions).isZero();
    assertThat(bench.monitored).containsSubsequence("services lost", "services reached");
    assertThat(api.count("list", "services")).isEqualTo(1);
  }

  @Test
  void halfAListIsNoList() throws Exception {
    bench.cluster();
    String half = "{\"metadata\":{\"resourceVersion\":\"9\"},\"items\":[{\"metadata\":{\"na";
    api.misbehave(
        "list services",
        ApiStandIn.body(half),
        ApiStandIn.body("{}"),
        ApiStandIn.body("<html>login</html>"),
        ApiStandIn.body("{\"items\":[]}"),
        ApiStandIn.body("[]"));
    try (KubernetesSource source = bench.source()) {
      source.start();
      bench.awaitListed();
    }
    assertThat(seen.services).hasSize(2);
    assertThat(api.count("list", "services")).isEqualTo(6);
  }

  @Test
  void aWatchThatSendsGarbageIsOpenedAnewAndThenListed() throws Exception {
    bench.cluster();
    api.misbehave(
        "watch services",
        ApiStandIn.body("<html>gateway timeout</html>"),
        ApiStandIn.body("{\"type\":\"ADDED\"}\n"),
        ApiStandIn.body("{\"type\":\"MERRY\",\"object\":{}}\n"));
    List<String> expected = List.of("list", "watch", "watch", "list", "watch", "list", "watch");
    try (KubernetesSource source = bench.source()) {
      source.start();
      seen.await("listed anew", () -> bench.verbs("services").equals(expected));
      api.service("default", "late", "10.96.0.40");
      seen.await("an event", () -> seen.has("default", "late"));
    }
    assertThat(seen.deletions).isZero();
  }

  @Test
  void aWatchThatSendsNothingIsOpenedAnew() throws Exception {
    bench.cluster();
    api.misbehave("watch services", ApiStandIn.silence());
    ApiTiming timing = new ApiTiming(NEVER, Duration.ofMillis(200), NEVER, SOON, SOON, SOON, SOON);
    try (KubernetesSource source = bench.source(timing)) {
      source.start();
      bench.awaitListed();
      api.service("default", "late", "10.96.0.40");
      seen.await("an event", () -> seen.has("default", "late"));
    }
    assertThat(api.count("list", "services")).isEqualTo(1);
  }

  @Test
  void anExchangedTokenIsReadAgain(@TempDir Path directory) throws Exception {
    bench.cluster();
    Path token = Files.writeString(directory.resolve("token"), "one\n");
    Credentials credentials =
        new Credentials(
            api.uri(),
            Optional.empty(),
            false,
            "",
            Optional.empty(),
            Optional.of(token),
            Optional.empty());
    try (KubernetesSource source = bench.source(TIMING, () -> credentials)) {
      source.start();
      bench.awaitListed();
      seen.await("a watch with the old one", () -> api.count("watch", "services") == 1);
      Files.writeString(token, "two\n");
      api.endWatches();
      seen.await(
          "the new token",
          () -> api.requests().stream().anyMatch(r -> r.token().equals("Bearer two")));
    }
    assertThat(api.requests().get(0).token()).isEqualTo("Bearer one");
  }

  @Test
  void expiredCredentialsAreReadAgain() throws Exception {
    bench.cluster();
    api.misbehave("list services", ApiStandIn.status(401, "Unauthorized"));
    List<Integer> reads = new CopyOnWriteArrayList<>();
    ApiAccess access =
        () -> {
          reads.add(1);
          return Credentials.anonymous(api.uri());
        };
    try (KubernetesSource source = bench.source(TIMING, access)) {
      source.start();
      bench.awaitListed();
    }
    assertThat(reads).as("for the log, for the first request, after the refusal").hasSize(3);
  }
}
