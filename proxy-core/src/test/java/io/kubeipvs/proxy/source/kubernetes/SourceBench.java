package io.kubeipvs.proxy.source.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A source that follows a stand-in for the API, what it told, and what it said of the API. */
final class SourceBench implements AutoCloseable {
  /** Longer than any test. */
  static final Duration NEVER = Duration.ofMinutes(10);

  static final Duration SOON = Duration.ofMillis(50);

  static final ApiTiming TIMING =
      new ApiTiming(NEVER, NEVER, NEVER, Duration.ofMillis(10), SOON, SOON, SOON);

  final ApiStandIn api;
  final ClusterView seen = new ClusterView();

  /** {@code services reached}, {@code services lost}. */
  final List<String> monitored = new CopyOnWriteArrayList<>();

  private final ApiMonitor monitor =
      new ApiMonitor() {
        @Override
        public void request(ApiCall call) {}

        @Override
        public void reachable(String resource, boolean reachable) {
          monitored.add(resource + (reachable ? " reached" : " lost"));
        }
      };

  SourceBench() {
    try {
      api = new ApiStandIn();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What every test begins with: two Services with their slices, and our Node. */
  void cluster() {
    api.kubernetes();
    api.node("node1", "a", "192.0.2.11");
    api.service("default", "web", "10.96.0.10");
    api.slice("default", "web", "10.244.0.1", "10.244.0.2");
  }

  /** Twenty Services more. */
  void twentyServices() {
    for (int i = 1; i <= 20; i++) {
      api.service("many", "s" + i, "10.97.0." + i);
    }
  }

  KubernetesSource source() {
    return source(TIMING);
  }

  KubernetesSource source(ApiTiming timing) {
    return source(timing, () -> Credentials.anonymous(api.uri()));
  }

  KubernetesSource source(ApiTiming timing, ApiAccess access) {
    return new KubernetesSource(new HttpApiServer(access), "node1", seen, monitor, timing);
  }

  void awaitListed() throws InterruptedException {
    seen.await("listed", () -> seen.listed);
  }

  /** What was asked of a resource so far, in its order: {@code list}, {@code watch}. */
  List<String> verbs(String resource) {
    return api.requests().stream()
        .filter(request -> request.resource().equals(resource))
        .map(ApiStandIn.Request::verb)
        .toList();
  }

  /** Waits until all that is watched is. */
  void awaitWatched() throws InterruptedException {
    for (String resource : List.of("nodes", "services", "endpointslices")) {
      seen.await("a watch of " + resource, () -> api.count("watch", resource) > 0);
    }
  }

  /** Waits until the Services can be followed again after they could not. */
  void awaitServicesFollowedAgain() throws InterruptedException {
    seen.await(
        "followed again",
        () ->
            monitored.contains("services lost")
                && monitored.lastIndexOf("services reached")
                    > monitored.lastIndexOf("services lost"));
  }

  @Override
  public void close() {
    api.close();
  }
}
