package io.kubeipvs.proxy.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.ServiceName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is listed and watched, with which words, and that all of it is told. */
class KubernetesSourceTest {
  private final SourceBench bench = new SourceBench();
  private final ApiStandIn api = bench.api;
  private final ClusterView seen = bench.seen;

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void everythingIsListedThenFollowed() throws Exception {
    bench.cluster();
    api.node("node2", "b", "192.0.2.12");
    try (KubernetesSource source = bench.source()) {
      source.start();
      bench.awaitListed();
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
    bench.cluster();
    try (KubernetesSource source = bench.source()) {
      source.start();
      bench.awaitListed();
      bench.awaitWatched();
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
    bench.cluster();
    try (KubernetesSource source = bench.source()) {
      source.start();
      bench.awaitListed();
      bench.awaitWatched();
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
    bench.cluster();
    api.misbehave("list services", ApiStandIn.status(400, "field label not supported"));
    try (KubernetesSource source = bench.source()) {
      source.start();
      bench.awaitListed();
    }
    assertThat(seen.services).hasSize(2);
    assertThat(api.requests())
        .filteredOn(r -> r.verb().equals("list") && r.resource().equals("services"))
        .extracting(r -> r.query().containsKey("fieldSelector"))
        .containsExactly(true, false);
  }

  @Test
  void aBadRequestOfAnotherKindLeavesTheSelector() throws Exception {
    bench.cluster();
    api.misbehave("list services", ApiStandIn.status(400, "Client sent an HTTP request"));
    api.misbehave("list nodes", ApiStandIn.status(400, "field label not supported"));
    try (KubernetesSource source = bench.source()) {
      source.start();
      bench.awaitListed();
    }
    assertThat(api.requests())
        .filteredOn(r -> r.verb().equals("list") && !r.resource().equals("endpointslices"))
        .extracting(r -> r.query().containsKey("fieldSelector"))
        .containsOnly(true);
  }

  @Test
  void listsAreReadInPages() throws Exception {
    bench.cluster();
    for (int i = 0; i < 1200; i++) {
      api.service("many", "s" + i, "10.97." + i / 250 + "." + (i % 250 + 1));
    }
    try (KubernetesSource source = bench.source()) {
      source.start();
      bench.awaitListed();
      assertThat(seen.services).hasSize(1202);
    }
    assertThat(api.count("list", "services")).isEqualTo(3);
  }

  @Test
  void pagesThatExpireAreReadAnewInOne() throws Exception {
    bench.cluster();
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
    try (KubernetesSource source = bench.source()) {
      source.start();
      bench.awaitListed();
      assertThat(seen.services).hasSize(602);
    }
    assertThat(api.count("list", "services")).isEqualTo(3);
  }

  @Test
  void aWatchThatEndsIsResumedWithoutAList() throws Exception {
    bench.cluster();
    try (KubernetesSource source = bench.source()) {
      source.start();
      bench.awaitListed();
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
    bench.cluster();
    api.service("default", "old", "10.96.0.30");
    try (KubernetesSource source = bench.source()) {
      source.start();
      bench.awaitListed();
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
  void nothingIsListedBeforeBothListsAre() throws Exception {
    bench.cluster();
    api.misbehave("list endpointslices", ApiStandIn.silence());
    try (KubernetesSource source = bench.source()) {
      source.start();
      seen.await("Services", () -> seen.services.size() == 2);
      seen.await("the Node", () -> seen.nodes.size() == 1);
      assertThat(seen.listed).isFalse();
    }
  }

  @Test
  void whatIsWrongWithAnObjectIsToldUntilItIsOver() throws Exception {
    bench.cluster();
    api.service("default", "bad", "10.96.0.300");
    try (KubernetesSource source = bench.source()) {
      source.start();
      bench.awaitListed();
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
