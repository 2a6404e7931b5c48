package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever happens to the API server, what is served goes on. */
final class ApiOutageE2E extends Scenario {
  private static final IpAddress VIP = IpAddress.of("10.96.14.10");
  private static final ServiceKey.Address WEB = ServiceKey.of(Protocol.TCP, VIP, 80);
  private static final ServiceKey.Address LATE =
      ServiceKey.of(Protocol.TCP, IpAddress.of("10.96.14.11"), 80);
  private static final int SOME = 50;

  @Override
  boolean isBehindApi() {
    return true;
  }

  @Test
  void nothingIsLostWhileTheServerIsAwayNorWhenItsListsAreEmpty() {
    drill(Duration.ofSeconds(3));
  }

  @Test
  @Tag("long")
  void norInMinutes() {
    drill(Duration.ofMinutes(3));
  }

  private void drill(Duration outage) {
    serve("web", VIP, a, b);
    Daemon daemon = start();
    awaitServed(WEB, a, b);
    Request request = Request.tcp(VIP, 80).times(0).pausing(Duration.ofMillis(20)).endingByReset();
    try (Load load = client.start(request)) {
      awaitMore(load);
      theServerIsAway(outage, daemon, load);
      listsAreEmpty(daemon, load);
      theClockJumps(load);
      Answers answers = load.stop();
      assertThat(answers.byReason()).isEmpty();
      figure("answers, and failures", answers.answers().size() + ", 0");
    }
    assertThat(api().rights())
        .isSubsetOf(
            Set.of(
                "list services",
                "watch services",
                "list nodes",
                "watch nodes",
                "list discovery.k8s.io/endpointslices",
                "watch discovery.k8s.io/endpointslices",
                "create events.k8s.io/events",
                "update events.k8s.io/events"));
    assertThat(api().events()).contains("\"reason\":\"Starting\"").contains("\"Node\"");
  }

  private void theServerIsAway(Duration outage, Daemon daemon, Load load) {
    KernelState before = KernelState.of(node1);
    api().stop();
    daemon.awaitLog(PATIENCE, log -> log.contains("services cannot be followed"));
    long began = System.nanoTime();
    boolean turn = false;
    while (millisSince(began) < outage.toMillis()) {
      serve("web", VIP, a, turn ? b : c);
      turn = !turn;
      awaitMore(load);
    }
    serve("web", VIP, a, c);
    serve("late", LATE.address(), b);
    assertThat(KernelState.of(node1)).as("while the API server is away").isEqualTo(before);

    api().restart();
    began = System.nanoTime();
    awaitWanted(WEB, a, c);
    awaitWanted(LATE, b);
    figure("converged after an outage of " + outage, millisSince(began) + " ms");
    awaitMore(load);
  }

  /** A broken API server, or what stands before it. */
  private void listsAreEmpty(Daemon daemon, Load load) {
    awaitWanted(WEB, a, c);
    int lists = api().lists();
    api().serveNothing();
    Await.until(PATIENCE, () -> api().lists() > lists, daemon::log);
    daemon.awaitLog(
        PATIENCE,
        log ->
            log.contains("the list of services lacks")
                && log.contains("the list of endpointslices lacks"));
    awaitMore(load);
    assertThat(weights(WEB)).isEqualTo(wanted(a, c));
    assertThat(weights(LATE)).isEqualTo(wanted(b));

    api().serveEverything();
    serve("late", LATE.address(), a, c);
    long began = System.nanoTime();
    awaitWanted(LATE, a, c);
    figure("changes arrive after empty lists", millisSince(began) + " ms");
    assertThat(weights(WEB)).isEqualTo(wanted(a, c));
  }

  /** A day on, and back. */
  private void theClockJumps(Load load) {
    node1.run("date", "-s", "+1 day").orFail();
    serve("late", LATE.address(), a);
    awaitWanted(LATE, a);
    node1.run("date", "-s", "-1 day").orFail();
    serve("late", LATE.address(), b);
    awaitWanted(LATE, b);
    awaitMore(load);
  }

  private void serve(String name, IpAddress vip, Pod... pods) {
    write(
        name + ".yaml",
        ServiceManifest.of(name, vip).port("", Protocol.TCP, 80),
        slice(name, AddressFamily.IPV4, pods).port("", Protocol.TCP, POD_PORT));
  }

  /** Others may drain. */
  private void awaitWanted(ServiceKey.Address service, Pod... pods) {
    Map<String, Integer> expected = wanted(pods);
    awaitKernel(state -> sharing(state, service).equals(expected));
  }

  private Map<String, Integer> weights(ServiceKey.Address service) {
    return sharing(KernelState.of(node1), service);
  }

  private static Map<String, Integer> sharing(KernelState state, ServiceKey.Address service) {
    Map<String, Integer> sharing = new TreeMap<>();
    if (state.services().containsKey(service)) {
      sharing.putAll(state.servers(service));
      sharing.values().removeIf(weight -> weight == 0);
    }
    return sharing;
  }

  private static Map<String, Integer> wanted(Pod... pods) {
    Map<String, Integer> servers = new TreeMap<>();
    for (Pod pod : pods) {
      servers.put(pod.v4().withPort(POD_PORT), 1);
    }
    return servers;
  }

  /** Traffic flows meanwhile, not only before and after. */
  private static void awaitMore(Load load) {
    int before = load.soFar().answers().size();
    Await.until(
        PATIENCE,
        () -> load.soFar().answers().size() >= before + SOME,
        () -> load.soFar().failures().toString());
  }
}
