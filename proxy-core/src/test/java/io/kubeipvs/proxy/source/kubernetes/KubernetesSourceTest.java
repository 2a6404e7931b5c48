package io.kubeipvs.proxy.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.ServiceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubernetesSourceTest {
  /** Longer than any test. */
  private static final Duration NEVER = Duration.ofMinutes(10);

  private static final Duration SOON = Duration.ofMillis(50);

  private static final ApiTiming TIMING =
      new ApiTiming(NEVER, NEVER, NEVER, Duration.ofMillis(10), SOON, SOON, SOON);

  private final ApiStandIn api = new ApiStandIn();
  private final ClusterView seen = new ClusterView();
  private final List<String> monitored = new CopyOnWriteArrayList<>();

  KubernetesSourceTest() throws IOException {}

  private final ApiMonitor monitor =
      new ApiMonitor() {
        @Override
        public void request(ApiCall call) {}

        @Override
        public void reachable(String resource, boolean reachable) {
          monitored.add(resource + (reachable ? " reached" : " lost"));
        }
      };

  @AfterEach
  void close() {
    api.close();
  }

  private KubernetesSource source(ApiTiming timing, ApiAccess access) {
    return new KubernetesSource(new HttpApiServer(access), "node1", seen, monitor, timing);
  }

  private KubernetesSource source(ApiTiming timing) {
    return source(timing, () -> Credentials.anonymous(api.uri()));
  }

  private void cluster() {
    api.kubernetes();
    api.node("node1", "a", "192.0.2.11");
    api.service("default", "web", "10.96.0.10");
    api.slice("default", "web", "10.244.0.1", "10.244.0.2");
  }

  private void awaitListed() throws InterruptedException {
    seen.await("listed", () -> seen.listed);
  }

  @Test
  void everythingIsListedThenFollowed() throws Exception {
    cluster();
    api.node("node2", "b", "192.0.2.12");
    try (KubernetesSource source = source(TIMING)) {
      source.start();
      awaitListed();
      assertThat(seen.services.keySet())
          .containsExactly(
              new ServiceName("default", "kubernetes"), new ServiceName("default", "web"));
      assertThat(seen.endpoints("default", "web")).isEqualTo(2);
      assertThat(seen.nodes.values())
          .extracting(NodeInfo::name, NodeInfo::zone, NodeInfo::addresses)
          .containsExactly(tuple("node1", "a", List.of(IpAddress.of("192.0.2.11"))));

      api.slice("default", "web", "10.244.0.1", "10.244.0.2", "10.244.0.3");
      api.service("default", "new", "10.96.0.11");
      api.node("node1", "b", "192.0.2.99");
      seen.await("a third endpoint", () -> seen.endpoints("default", "web") == 3);
      seen.await("a new Service", () -> seen.has("default", "new"));
      seen.await("another zone", () -> seen.node1().zone().equals("b"));

      api.delete("services", "default/web");
      api.delete("endpointslices", "default/web");
      seen.await("gone", () -> !seen.has("default", "web") && seen.slices.size() == 1);
    }
    assertThat(api.count("list", "services")).isEqualTo(1);
  }

  @Test
  void onlyListAndWatchAreAskedOfWhatKubeProxyIsAllowed() throws Exception {
    cluster();
    try (KubernetesSource source = source(TIMING)) {
      source.start();
      awaitListed();
      for (String resource : List.of("nodes", "services", "endpointslices")) {
        seen.await("a watch", () -> api.count("watch", resource) > 0);
      }
    }
    Set<String> verbs = new TreeSet<>();
    api.requests().forEach(r -> verbs.add(r.method() + " " + r.verb() + " " + r.path()));
    assertThat(verbs)
        .containsExactly(
            "GET list /api/v1/nodes",
            "GET list /api/v1/services",
            "GET list /apis/discovery.k8s.io/v1/endpointslices",
            "GET watch /api/v1/nodes",
            "GET watch /api/v1/services",
            "GET watch /apis/discovery.k8s.io/v1/endpointslices");
  }

  @Test
  void selectorsAreThoseOfKubeProxy() throws Exception {
    cluster();
    try (KubernetesSource source = source(TIMING)) {
      source.start();
      awaitListed();
    }
    String ours = "!service.kubernetes.io/headless,!service.kubernetes.io/service-proxy-name";
    for (ApiStandIn.Request request : api.requests()) {
      boolean node = request.resource().equals("nodes");
      assertThat(request.query().get("labelSelector")).isEqualTo(node ? null : ours);
      assertThat(Optional.ofNullable(request.query().get("fieldSelector")).orElse("none"))
          .isEqualTo(
              switch (request.resource()) {
                case "nodes" -> "metadata.name=node1";
                case "services" -> "spec.clusterIP!=None";
                default -> "none";
              });
    }
  }

  @Test
  void anOldServerThatDoesNotKnowTheFieldIsAskedWithoutIt() throws Exception {
    cluster();
    api.misbehave("list services", ApiStandIn.status(400, "field label not supported"));
    try (KubernetesSource source = source(TIMING)) {
      source.start();
      awaitListed();
    }
    assertThat(seen.services).hasSize(2);
  }

  @Test
  void listsAreReadInPages() throws Exception {
    cluster();
    for (int i = 0; i < 1200; i++) {
      api.service("many", "s" + i, "10.97." + i / 250 + "." + (i % 250 + 1));
    }
    try (KubernetesSource source = source(TIMING)) {
      source.start();
      awaitListed();
      assertThat(seen.services).hasSize(1202);
    }
    assertThat(api.count("list", "services")).isEqualTo(3);
  }

  @Test
  void pagesThatExpireAreReadAnewInOne() throws Exception {
    cluster();
    for (int i = 0; i < 600; i++) {
      api.service("many", "s" + i, "10.97." + i / 250 + "." + (i % 250 + 1));
    }
    api.misbehave(
        "list services",
        exchange -> {
          String first =
              "{\"metadata\":{\"resourceVersion\":\"7\",\"continue\":\"x\"},\"items\":[]}";
          ApiStandIn.body(first).answer(exchange);
        },
        ApiStandIn.status(410, "The provided continue parameter is too old"));
    try (KubernetesSource source = source(TIMING)) {
      source.start();
      awaitListed();
      assertThat(seen.services).hasSize(602);
    }
    assertThat(api.count("list", "services")).isEqualTo(3);
  }

  @Test
  void aWatchThatEndsIsResumedWithoutAList() throws Exception {
    cluster();
    try (KubernetesSource source = source(TIMING)) {
      source.start();
      awaitListed();
      seen.await("a watch", () -> api.count("watch", "services") == 1);
      api.service("default", "before", "10.96.0.20");
      seen.await("an event", () -> seen.has("default", "before"));
      api.endWatches();
      api.service("default", "after", "10.96.0.21");
      seen.await("the next", () -> seen.has("default", "after"));
    }
    assertThat(api.count("list", "services")).isEqualTo(1);
  }

  @Test
  void afterGoneItIsListedAnewAndWhatIsGoneIsTold() throws Exception {
    cluster();
    api.service("default", "old", "10.96.0.30");
    try (KubernetesSource source = source(TIMING)) {
      source.start();
      awaitListed();
      seen.await("a watch", () -> api.count("watch", "services") == 1);
      api.stop();
      api.delete("services", "default/old");
      api.service("default", "new", "10.96.0.31");
      api.compact();
      api.restart();
      seen.await("the new one", () -> seen.has("default", "new"));
      seen.await("the old one gone", () -> !seen.has("default", "old"));
    }
    assertThat(api.count("list", "services")).isEqualTo(2);
  }

  @Test
  void losingTheServerChangesNothingAndHeals() throws Exception {
    cluster();
    try (KubernetesSource source = source(TIMING)) {
      source.start();
      awaitListed();
      seen.await("a watch", () -> monitored.contains("services reached"));
      api.stop();
      seen.await("noticed", () -> monitored.contains("services lost"));
      api.slice("default", "web", "10.244.0.7");
      assertThat(seen.endpoints("default", "web")).isEqualTo(2);
      api.restart();
      seen.await("healed", () -> seen.endpoints("default", "web") == 1);
      seen.await("told", () -> monitored.lastIndexOf("services reached") > 0);
    }
    assertThat(seen.deletions).isZero();
  }

  @Test
  void nothingIsListedBeforeBothListsAre() throws Exception {
    cluster();
    api.misbehave("list endpointslices", ApiStandIn.silence());
    try (KubernetesSource source = source(TIMING)) {
      source.start();
      seen.await("Services", () -> seen.services.size() == 2);
      seen.await("the Node", () -> seen.nodes.size() == 1);
      assertThat(seen.listed).isFalse();
    }
  }

  @Test
  void aNodeThatMayNotBeReadHoldsNothingUp() throws Exception {
    cluster();
    api.misbehave("list nodes", ApiStandIn.status(403, "nodes is forbidden"));
    try (KubernetesSource source = source(TIMING)) {
      source.start();
      awaitListed();
      seen.await("the Node all the same", () -> seen.nodes.size() == 1);
    }
  }

  @Test
  void aServerThatRefusesIsAskedAgain() throws Exception {
    cluster();
    api.misbehave(
        "list services",
        ApiStandIn.status(403, "services is forbidden"),
        ApiStandIn.status(500, "oh"),
        ApiStandIn.status(503, "starting"),
        exchange -> {
          exchange.getResponseHeaders().set("Retry-After", "1");
          ApiStandIn.status(429, "later").answer(exchange);
        });
    try (KubernetesSource source = source(TIMING)) {
      source.start();
      long start = System.nanoTime();
      awaitListed();
      assertThat(System.nanoTime() - start).isGreaterThan(900_000_000L);
    }
    assertThat(api.count("list", "services")).isEqualTo(5);
    assertThat(monitored).contains("services lost", "services reached");
  }

  @Test
  void aWatchThatIsRefusedIsAskedForAgainAndNothingIsGone() throws Exception {
    cluster();
    try (KubernetesSource source = source(TIMING)) {
      source.start();
      awaitListed();
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
    assertThat(monitored).containsSubsequence("services lost", "services reached");
    assertThat(api.count("list", "services")).isEqualTo(1);
  }

  @Test
  void anExchangedTokenIsReadAgain(@TempDir Path directory) throws Exception {
    cluster();
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
    try (KubernetesSource source = source(TIMING, () -> credentials)) {
      source.start();
      awaitListed();
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
    cluster();
    api.misbehave("list services", ApiStandIn.status(401, "Unauthorized"));
    List<Integer> reads = new CopyOnWriteArrayList<>();
    ApiAccess access =
        () -> {
          reads.add(1);
          return Credentials.anonymous(api.uri());
        };
    try (KubernetesSource source = source(TIMING, access)) {
      source.start();
      awaitListed();
    }
    assertThat(reads).as("for the log, for the first request, after the refusal").hasSize(3);
  }

  @Test
  void halfAListIsNoList() throws Exception {
    cluster();
    String half = "{\"metadata\":{\"resourceVersion\":\"9\"},\"items\":[{\"metadata\":{\"na";
    api.misbehave(
        "list services",
        ApiStandIn.body(half),
        ApiStandIn.body("{}"),
        ApiStandIn.body("<html>login</html>"),
        ApiStandIn.body("{\"items\":[]}"),
        ApiStandIn.body("[]"));
    try (KubernetesSource source = source(TIMING)) {
      source.start();
      awaitListed();
    }
    assertThat(seen.services).hasSize(2);
    assertThat(api.count("list", "services")).isEqualTo(6);
  }

  @Test
  void aWatchThatSendsGarbageIsOpenedAnewAndThenListed() throws Exception {
    cluster();
    api.misbehave(
        "watch services",
        ApiStandIn.body("<html>gateway timeout</html>"),
        ApiStandIn.body("{\"type\":\"ADDED\"}\n"),
        ApiStandIn.body("{\"type\":\"MERRY\",\"object\":{}}\n"));
    try (KubernetesSource source = source(TIMING)) {
      source.start();
      awaitListed();
      api.service("default", "late", "10.96.0.40");
      seen.await("an event", () -> seen.has("default", "late"));
    }
    assertThat(seen.deletions).isZero();
  }

  @Test
  void aWatchThatSendsNothingIsOpenedAnew() throws Exception {
    cluster();
    api.misbehave("watch services", ApiStandIn.silence());
    ApiTiming timing = new ApiTiming(NEVER, Duration.ofMillis(200), NEVER, SOON, SOON, SOON, SOON);
    try (KubernetesSource source = source(timing)) {
      source.start();
      awaitListed();
      api.service("default", "late", "10.96.0.40");
      seen.await("an event", () -> seen.has("default", "late"));
    }
    assertThat(api.count("list", "services")).isEqualTo(1);
  }

  @Test
  void aListThatLosesTheServiceEveryClusterHasIsNeverBelieved() throws Exception {
    cluster();
    try (KubernetesSource source = source(TIMING)) {
      source.start();
      awaitListed();
      api.hide(key -> true);
      relist();
      long lists = api.count("list", "services");
      seen.await("many lists", () -> api.count("list", "services") > lists + 3);
      assertThat(seen.services).hasSize(2);
      assertThat(seen.deletions).isZero();

      api.delete("services", "default/web");
      api.delete("endpointslices", "default/web");
      api.hide(key -> false);
      seen.await("what a whole list says", () -> !seen.has("default", "web"));
    }
  }

  private void relist() throws IOException {
    api.stop();
    api.compact();
    api.node("node1", "a", "192.0.2.11");
    api.compact();
    api.restart();
  }

  @Test
  void aListThatLosesMuchIsConfirmedByAnother() throws Exception {
    cluster();
    for (int i = 1; i <= 20; i++) {
      api.service("many", "s" + i, "10.97.0." + i);
    }
    ApiTiming timing =
        new ApiTiming(
            NEVER, NEVER, NEVER, Duration.ofMillis(10), SOON, SOON, Duration.ofSeconds(2));
    try (KubernetesSource source = source(timing)) {
      source.start();
      awaitListed();
      api.hide(key -> key.startsWith("services many/"));
      relist();
      seen.await("the list", () -> api.count("list", "services") == 2);
      seen.await("its watch", () -> monitored.lastIndexOf("services reached") > 0);
      assertThat(seen.services).hasSize(22);
      seen.await("both agree", () -> seen.services.size() == 2);
      assertThat(api.count("list", "services")).isEqualTo(3);
    }
  }

  @Test
  void deletionsSeenInAWatchNeedNoConfirmation() throws Exception {
    cluster();
    for (int i = 1; i <= 20; i++) {
      api.service("many", "s" + i, "10.97.0." + i);
    }
    try (KubernetesSource source = source(TIMING)) {
      source.start();
      awaitListed();
      for (int i = 1; i <= 20; i++) {
        api.delete("services", "many/s" + i);
      }
      seen.await("gone", () -> seen.services.size() == 2);
    }
    assertThat(api.count("list", "services")).isEqualTo(1);
  }

  @Test
  void aFirstListWithoutTheServiceEveryClusterHasIsConfirmed() throws Exception {
    api.service("default", "web", "10.96.0.10");
    try (KubernetesSource source = source(TIMING)) {
      source.start();
      awaitListed();
      assertThat(api.count("list", "services")).isEqualTo(2);
      assertThat(api.count("list", "endpointslices")).isEqualTo(2);
      assertThat(seen.services).hasSize(1);
    }
  }

  @Test
  void theLastBackendOfTheApiStays() throws Exception {
    cluster();
    try (KubernetesSource source = source(TIMING)) {
      source.start();
      awaitListed();
      api.slice("default", "kubernetes");
      api.slice("default", "web", "10.244.0.9");
      seen.await("what came later", () -> seen.endpoints("default", "web") == 1);
      assertThat(seen.endpoints("default", "kubernetes")).isEqualTo(1);
      api.delete("services", "default/kubernetes");
      api.slice("default", "kubernetes", "192.0.2.2", "192.0.2.3");
      seen.await("others come", () -> seen.endpoints("default", "kubernetes") == 2);
      assertThat(seen.has("default", "kubernetes")).isTrue();
    }
  }

  @Test
  void whatIsWrongWithAnObjectIsToldUntilItIsOver() throws Exception {
    cluster();
    api.service("default", "bad", "10.96.0.300");
    try (KubernetesSource source = source(TIMING)) {
      source.start();
      awaitListed();
      seen.await("the problem", () -> seen.problems.size() == 1);
      assertThat(seen.problems.get(0).toString())
          .isEqualTo("Service default/bad: spec.clusterIPs[0]: '10.96.0.300' is not an IP address");
      api.service("default", "bad", "10.96.0.30");
      seen.await("over", () -> seen.problems.isEmpty() && seen.has("default", "bad"));
      api.service("default", "bad", "None");
      seen.await("headless now", () -> !seen.has("default", "bad"));
    }
  }
}
