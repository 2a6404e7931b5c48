package io.kubeipvs.proxy.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Lists that lack what was there are not believed at once; deletions seen in a watch are. */
class ShrunkenListTest {
  private final SourceBench bench = new SourceBench();
  private final ApiStandIn api = bench.api;
  private final ClusterView seen = bench.seen;

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void aListThatLosesTheServiceEveryClusterHasIsNeverBelieved() throws Exception {
    bench.cluster();
    try (KubernetesSource source = bench.source()) {
      source.start();
      bench.awaitListed();
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

  @Test
  void aListThatLosesMuchIsConfirmedByAnother() throws Exception {
    bench.cluster();
    bench.twentyServices();
    try (KubernetesSource source = bench.source()) {
      source.start();
      bench.awaitListed();
      api.hide(key -> key.startsWith("services many/"));
      seen.stamp = () -> api.count("list", "services");
      relist();
      seen.await("both agree", () -> seen.services.size() == 2);
    }
    assertThat(seen.serviceDeletions).hasSize(20).containsOnly(3L);
  }

  @Test
  void aFirstListWithoutTheServiceEveryClusterHasIsConfirmed() throws Exception {
    api.service("default", "web", "10.96.0.10");
    try (KubernetesSource source = bench.source()) {
      source.start();
      bench.awaitListed();
      assertThat(api.count("list", "services")).isEqualTo(2);
      assertThat(api.count("list", "endpointslices")).isEqualTo(2);
      assertThat(seen.services).hasSize(1);
    }
  }

  @Test
  void deletionsSeenInAWatchNeedNoConfirmation() throws Exception {
    bench.cluster();
    bench.twentyServices();
    try (KubernetesSource source = bench.source()) {
      source.start();
      bench.awaitListed();
      for (int i = 1; i <= 20; i++) {
        api.delete("services", "many/s" + i);
      }
      seen.await("gone", () -> seen.services.size() == 2);
    }
    assertThat(api.count("list", "services")).isEqualTo(1);
  }

  @Test
  void theLastBackendOfTheApiStays() throws Exception {
    bench.cluster();
    try (KubernetesSource source = bench.source()) {
      source.start();
      bench.awaitListed();
      api.slice("default", "kubernetes");
      api.slice("default", "web", "10.244.0.9");
      seen.await("what came later", () -> seen.endpoints("default", "web") == 1);
      assertThat(seen.endpoints("default", "kubernetes")).isEqualTo(1);
      api.delete("services", "default/kubernetes");
      api.slice("default", "kubernetes", "192.0.2.2", "192.0.2.3");
      api.service("default", "later", "10.96.0.11");
      seen.await("others come", () -> seen.endpoints("default", "kubernetes") == 2);
      seen.await("what came after the deletion", () -> seen.has("default", "later"));
      assertThat(seen.has("default", "kubernetes")).isTrue();
    }
  }

  private void relist() throws IOException {
    api.stop();
    api.compact();
    api.node("node1", "a", "192.0.2.11");
    api.compact();
    api.restart();
  }
}
