package io.kubeipvs.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kubeipvs.proxy.source.kubernetes.ApiAccess;
import io.kubeipvs.proxy.source.kubernetes.ApiMonitor;
import io.kubeipvs.proxy.source.kubernetes.ApiStandIn;
import io.kubeipvs.proxy.source.kubernetes.KubernetesSource;
import io.kubeipvs.proxy.state.ChangeTracker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The rights granted are those used: no more, no less. */
class RbacTest {
  private static final Set<String> RESOURCES = Set.of("nodes", "services", "endpointslices");

  /** {@code GROUP/RESOURCE VERB} of each right. */
  private static Set<String> granted() {
    Set<String> rights = new TreeSet<>();
    for (JsonNode object : ManifestsTest.objects("manifests")) {
      for (JsonNode rule : object.path("rules")) {
        assertThat(rule.fieldNames())
            .toIterable()
            .containsExactlyInAnyOrder("apiGroups", "resources", "verbs");
        for (JsonNode group : rule.path("apiGroups")) {
          for (JsonNode resource : rule.path("resources")) {
            for (JsonNode verb : rule.path("verbs")) {
              rights.add(group.asText() + "/" + resource.asText() + " " + verb.asText());
            }
          }
        }
      }
    }
    return rights;
  }

  @Test
  void rightsAreThoseThatAreUsed() throws Exception {
    Set<String> used = new TreeSet<>(asked());
    used.addAll(
        List.of(
            "events.k8s.io/events create",
            "events.k8s.io/events patch",
            "events.k8s.io/events update"));
    assertThat(granted()).isEqualTo(used);
  }

  private static Set<String> asked() throws Exception {
    try (ApiStandIn api = new ApiStandIn()) {
      api.kubernetes();
      api.node("node1", "a", "192.0.2.1");
      Watches watches = new Watches();
      ApiAccess access = ApiAccess.choose("", api.uri().toString(), Map.of());
      try (KubernetesSource source =
          KubernetesSource.open(access, "node1", new ChangeTracker("node1"), watches)) {
        source.start();
        assertThat(watches.all.await(20, TimeUnit.SECONDS)).as("three watches").isTrue();
      }
      Set<String> rights = new TreeSet<>();
      for (ApiStandIn.Request request : api.requests()) {
        assertThat(request.method()).isEqualTo("GET");
        rights.add(groupOf(request.path()) + "/" + request.resource() + " " + request.verb());
      }
      return rights;
    }
  }

  private static String groupOf(String path) {
    String[] parts = path.split("/", -1);
    return parts[1].equals("apis") ? parts[2] : "";
  }

  private static final class Watches implements ApiMonitor {
    private final CountDownLatch all = new CountDownLatch(RESOURCES.size());
    private final Set<String> seen = new TreeSet<>();

    @Override
    public synchronized void request(String verb, String resource, int status, Duration duration) {
      if (verb.equals("watch") && RESOURCES.contains(resource) && seen.add(resource)) {
        all.countDown();
      }
    }

    @Override
    public void reachable(String resource, boolean reachable) {}
  }
}
