package io.kubeipvs.proxy.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.proxy.event.Event;
import io.kubeipvs.proxy.event.ObjectReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the source and the events ask of an API server, beside what the ClusterRole grants. */
class RbacTest {
  private static final Duration NEVER = Duration.ofMinutes(10);
  private static final Duration SOON = Duration.ofMillis(20);

  private static final Set<String> FOLLOWED = Set.of("services", "endpointslices", "nodes");

  private final ClusterView seen = new ClusterView();

  @Test
  void whatIsAskedForIsExactlyWhatIsGranted() throws Exception {
    Set<String> asked = new TreeSet<>();
    try (ApiStandIn api = new ApiStandIn()) {
      api.kubernetes();
      api.node("node1", "a", "192.0.2.11");
      ApiServer server = new HttpApiServer(() -> Credentials.anonymous(api.uri()));
      ApiTiming timing = new ApiTiming(NEVER, NEVER, NEVER, SOON, SOON, SOON, SOON);
      try (KubernetesSource source =
          new KubernetesSource(server, "node1", seen, ApiMonitor.NONE, timing)) {
        source.start();
        seen.await("listed", () -> seen.listed);
        sayTheSameTwice(server);
        for (String resource : FOLLOWED) {
          seen.await("watches", () -> api.count("watch", resource) > 0);
        }
        api.endWatches();
        api.compact(); // what is resumed, and what is listed anew
        for (String resource : FOLLOWED) {
          seen.await("watches", () -> api.count("watch", resource) > 1);
        }
        seen.await("events", () -> api.count("update", "events") == 1);
      }
      api.requests().forEach(request -> asked.add(request.right()));
    }
    assertThat(asked).isEqualTo(GrantedRights.of(manifest()));
  }

  private static void sayTheSameTwice(ApiServer server) {
    ApiEvents events =
        new ApiEvents(
            server,
            "node1",
            ApiMonitor.NONE,
            InstantSource.system(),
            new ApiEvents.Timing(Duration.ZERO, SOON));
    ObjectReference node = ObjectReference.node("node1");
    Event starting = new Event(node, Event.Type.Normal, "Starting", "StartKubeProxy", "");
    events.emit(starting);
    events.emit(starting);
  }

  private static Path manifest() {
    Path here = Path.of("deploy", "manifests", "rbac.yaml");
    return Files.exists(here) ? here : Path.of("..").resolve(here);
  }
}
