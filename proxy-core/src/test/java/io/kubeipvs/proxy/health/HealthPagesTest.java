package io.kubeipvs.proxy.health;

import static io.kubeipvs.proxy.Objects.OLD;
import static io.kubeipvs.proxy.Objects.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.http.HttpAnswer;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.state.ChangeTracker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HealthPagesTest {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  private Instant now = START;
  private final ChangeTracker tracker = new ChangeTracker("node1", () -> now);
  private final ProxyHealth health = new ProxyHealth(tracker, Duration.ofSeconds(60), () -> now);
  private final List<String> counted = new ArrayList<>();
  private final HealthPages pages =
      new HealthPages(
          health,
          Set.of(AddressFamily.IPV6, AddressFamily.IPV4),
          (page, status) -> counted.add(page + " " + status));

  @Test
  void healthyBodiesAreKubeProxys() {
    health.began();
    now = START.plusMillis(1500);

    assertThat(body(pages.healthz(), 200))
        .isEqualTo(
            "{\"lastUpdated\":\"2026-03-01T00:00:01.5Z\",\"currentTime\":\"2026-03-01T00:00:01.5Z\","
                + "\"nodeEligible\":true,\"healthy\":true,\"status\":{"
                + "\"IPv4\":{\"lastUpdated\":\"2026-03-01T00:00:00Z\",\"healthy\":true},"
                + "\"IPv6\":{\"lastUpdated\":\"2026-03-01T00:00:00Z\",\"healthy\":true}}}");
    assertThat(body(pages.livez(), 200))
        .isEqualTo(
            "{\"lastUpdated\":\"2026-03-01T00:00:01.5Z\",\"currentTime\":\"2026-03-01T00:00:01.5Z\","
                + "\"healthy\":true,\"status\":{"
                + "\"IPv4\":{\"lastUpdated\":\"2026-03-01T00:00:00Z\",\"healthy\":true},"
                + "\"IPv6\":{\"lastUpdated\":\"2026-03-01T00:00:00Z\",\"healthy\":true}}}");
    assertThat(counted).containsExactly("healthz 200", "livez 200");
  }

  @Test
  void headersAreKubeProxys() {
    assertThat(pages.healthz().headers())
        .isEqualTo(Map.of("Content-Type", "application/json", "X-Content-Type-Options", "nosniff"));
  }

  @Test
  void proxyThatStartsIsHealthyWithoutAStatus() {
    assertThat(body(pages.livez(), 200)).endsWith("\"healthy\":true}");
  }

  @Test
  void changeThatIsLateMakesItUnhealthyAndShowsTheLastUpdate() {
    health.began();
    tracker.listed();
    now = START.plusSeconds(59);
    assertThat(pages.healthz().status()).isEqualTo(200);

    now = START.plusSeconds(60);

    assertThat(body(pages.healthz(), 503))
        .startsWith(
            "{\"lastUpdated\":\"2026-03-01T00:00:00Z\",\"currentTime\":\"2026-03-01T00:01:00Z\"")
        .contains("\"nodeEligible\":true,\"healthy\":false,")
        .contains("\"IPv4\":{\"lastUpdated\":\"2026-03-01T00:00:00Z\",\"healthy\":false}");
    assertThat(pages.livez().status()).isEqualTo(503);
    assertThat(counted).containsExactly("healthz 200", "healthz 503", "livez 503");
  }

  @Test
  void syncMakesItHealthyAgain() {
    tracker.listed();
    now = START.plusSeconds(60);
    tracker.take();
    assertThat(pages.livez().status()).isEqualTo(503);

    health.synced(
        io.kubeipvs.proxy.Reports.NOTHING,
        io.kubeipvs.proxy.sync.SyncStatus.NEVER,
        tracker.applied());

    assertThat(body(pages.livez(), 200))
        .contains("\"IPv4\":{\"lastUpdated\":\"2026-03-01T00:01:00Z\"");
  }

  @Test
  void nothingToDoIsNeverLate() {
    tracker.listed();
    tracker.take();
    tracker.applied();
    now = START.plus(Duration.ofDays(30));

    assertThat(pages.livez().status()).isEqualTo(200);
  }

  @Test
  void nodeThatIsAboutToGoGetsNoNewTrafficAndIsNotRestarted() {
    tracker.node(new NodeInfo("node1", List.of(), "", List.of(), false));

    assertThat(body(pages.healthz(), 503)).contains("\"nodeEligible\":false,\"healthy\":true");
    assertThat(pages.livez().status()).isEqualTo(200);
  }

  @Test
  void waitForTheFirstListIsNoFault() {
    tracker.service(service("web", OLD, Protocol.TCP, "10.96.0.10"));
    now = START.plusSeconds(1000);

    assertThat(pages.livez().status()).isEqualTo(200);
  }

  private static String body(HttpAnswer answer, int status) {
    assertThat(answer.status()).isEqualTo(status);
    return new String(answer.body(), StandardCharsets.UTF_8);
  }
}
