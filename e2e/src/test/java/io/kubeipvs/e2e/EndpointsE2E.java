package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which of a Service's endpoints a client gets: conditions, hints, affinity. */
final class EndpointsE2E extends Scenario {
  private static final IpAddress STICKY = IpAddress.of("10.96.5.1");
  private static final IpAddress PUBLISHED = IpAddress.of("10.96.6.1");
  private static final IpAddress LAST = IpAddress.of("10.96.6.2");
  private static final IpAddress ZONAL = IpAddress.of("10.96.6.3");
  private static final IpAddress NODAL = IpAddress.of("10.96.6.4");
  private static final IpAddress UNSURE = IpAddress.of("10.96.6.5");
  private static final IpAddress FOREIGN_ZONES = IpAddress.of("10.96.6.6");
  private static final Duration AFFINITY = Duration.ofSeconds(15);

  /** As the endpoints controller has it where {@code publishNotReadyAddresses} is set. */
  private static final String PUBLISHED_ONLY = "{ready: true, serving: false, terminating: false}";

  private int nextPort = 20_000;

  private static ServiceKey.Address key(IpAddress vip) {
    return ServiceKey.of(Protocol.TCP, vip, 80);
  }

  private static SliceManifest slice(String service) {
    return SliceManifest.of(service, AddressFamily.IPV4).port("", Protocol.TCP, POD_PORT);
  }

  private void serve(String name, IpAddress vip, SliceManifest slice) {
    write(name + ".yaml", ServiceManifest.of(name, vip).port("", Protocol.TCP, 80), slice);
  }

  private Set<String> answering(IpAddress vip, int times) {
    int enough = Mode.isIptables() ? 5 * times : times; // where chance decides
    Request request = Request.tcp(vip, 80).times(enough).endingByReset().fromPorts(nextPort);
    nextPort += enough;
    Answers answers = asker.request(request);
    assertThat(answers.failures()).as(vip.toString()).isEmpty();
    return answers.byServer().keySet();
  }

  private static String hints(String kind, String name) {
    return SliceManifest.READY + ", hints: {" + kind + ": [{name: " + name + "}]}";
  }

  @Test
  void conditionsAndHintsChoose() {
    write(
        "node.yaml",
        """
        apiVersion: v1
        kind: Node
        metadata: {name: node1, labels: {topology.kubernetes.io/zone: zone-a}}
        status: {addresses: [{type: InternalIP, address: 10.0.2.15}]}
        """);
    serve(
        "published",
        PUBLISHED,
        slice("published")
            .backend(a.v4(), "node1", SliceManifest.READY)
            .backend(b.v4(), "node1", PUBLISHED_ONLY)
            .backend(c.v4(), "node2", SliceManifest.NOT_READY));
    SliceManifest leaving =
        slice("last")
            .backend(a.v4(), "node1", SliceManifest.NOT_READY)
            .backend(b.v4(), "node1", SliceManifest.TERMINATING)
            .backend(c.v4(), "node2", SliceManifest.TERMINATING);
    serve("last", LAST, leaving);
    serve(
        "zonal",
        ZONAL,
        slice("zonal")
            .backend(a.v4(), "node1", hints("forZones", "zone-a"))
            .backend(b.v4(), "node1", hints("forZones", "zone-b"))
            .backend(c.v4(), "node2", hints("forZones", "zone-a")));
    serve(
        "nodal",
        NODAL,
        slice("nodal")
            .backend(a.v4(), "node1", hints("forNodes", "node1"))
            .backend(c.v4(), "node2", hints("forNodes", "node2")));
    serve(
        "unsure",
        UNSURE,
        slice("unsure")
            .backend(a.v4(), "node1", hints("forZones", "zone-a"))
            .backend(c.v4(), "node2", SliceManifest.READY));
    serve(
        "foreign",
        FOREIGN_ZONES,
        slice("foreign")
            .backend(b.v4(), "node1", hints("forZones", "zone-b"))
            .backend(c.v4(), "node2", hints("forZones", "zone-c")));
    start();
    awaitServed(key(FOREIGN_ZONES), b, c);
    assertThat(answering(PUBLISHED, 6)).as("published").containsExactly("a", "b");
    assertThat(answering(LAST, 6)).as("only terminating ones").containsExactly("b", "c");
    assertThat(answering(ZONAL, 6)).as("of this zone").containsExactly("a", "c");
    assertThat(answering(NODAL, 6)).as("of this node").containsExactly("a");
    assertThat(answering(UNSURE, 6)).as("one without a hint").containsExactly("a", "c");
    assertThat(answering(FOREIGN_ZONES, 6)).as("no hint for here").containsExactly("b", "c");

    serve("last", LAST, leaving.backend(node1.v4(), "node1", SliceManifest.READY));
    node1.listen(Protocol.TCP, POD_PORT);
    awaitKernel(
        state ->
            state.servers(key(LAST)).getOrDefault(node1.v4().withPort(POD_PORT), 0) == 1
                && state.servers(key(LAST)).getOrDefault(c.v4().withPort(POD_PORT), 0) == 0);
    assertThat(answering(LAST, 6)).as("as soon as one is ready").containsExactly("node1");
    node1.stopListening(Protocol.TCP, POD_PORT);
    // Else these would go at a moment that nobody waits for.
    for (Pod leaver : List.of(b, c)) {
      String server = leaver.v4().withPort(POD_PORT);
      awaitKernel(state -> !state.servers(key(LAST)).containsKey(server));
    }
  }

  @Test
  void affinityLastsItsTimeAndNoLongerThanItsServer() {
    serveSticky(a, b);
    start();
    awaitServed(key(STICKY), a, b);
    Set<String> first = answering(STICKY, 10);
    assertThat(first).hasSize(1);
    Pod affine = first.contains("a") ? a : b;
    Pod other = affine.equals(a) ? b : a;
    Request trickling = Request.tcp(STICKY, 80).times(0).pausing(Duration.ofMillis(20));
    try (Load held = asker.start(trickling.overOneConnection().endingByReset())) {
      Await.until(PATIENCE, () -> !held.soFar().answers().isEmpty(), () -> "no answer");
      serveSticky(other);
      awaitKernel(state -> isLeaving(state, affine));
      assertThat(answering(STICKY, 10)).as("at once").containsExactly(other.name());
      int before = held.soFar().answers().size();
      Await.until(PATIENCE, () -> held.soFar().answers().size() > before + 5, () -> "ended");
      Answers answers = held.stop();
      assertThat(answers.failures()).isEmpty();
      assertThat(answers.byServer()).containsOnlyKeys(affine.name());
    }
    serveSticky(a, b);
    awaitServed(key(STICKY), a, b);
    long asked = System.nanoTime();
    assertThat(answering(STICKY, 10)).as("stays where it is").containsExactly(other.name());
    if (Mode.isIptables()) {
      return; // IptablesModeE2E shows that it expires
    }
    Await.until(PATIENCE, () -> templates().isEmpty(), () -> templates().toString());
    figure("affinity of " + AFFINITY + " is over after", millisSince(asked) + " ms");
    assertThat(millisSince(asked)).isGreaterThan(AFFINITY.minusSeconds(1).toMillis());
    assertThat(answering(STICKY, 1)).as("the next in turn").containsExactly(affine.name());
  }

  /** It drains; in iptables mode connection tracking is all that leads to it. */
  private static boolean isLeaving(KernelState state, Pod pod) {
    String server = pod.v4().withPort(POD_PORT);
    return Mode.isIptables()
        ? !state.servers(key(STICKY)).containsKey(server)
        : state.servers(key(STICKY)).getOrDefault(server, -1) == 0;
  }

  private void serveSticky(Pod... pods) {
    ServiceManifest sticky =
        ServiceManifest.of("sticky", STICKY)
            .port("", Protocol.TCP, 80)
            .with("sessionAffinity: ClientIP")
            .with(
                "sessionAffinityConfig: {clientIP: {timeoutSeconds: %d}}"
                    .formatted(AFFINITY.toSeconds()));
    write(
        "sticky.yaml",
        sticky,
        slice("sticky", AddressFamily.IPV4, pods).port("", Protocol.TCP, POD_PORT));
  }

  /** What the kernel remembers of the client: a line with its port 0. */
  private List<String> templates() {
    return node1
        .run("ipvsadm", "-Lcn")
        .orFail()
        .stdout()
        .lines()
        .filter(line -> line.contains(" " + asker.v4() + ":0 "))
        .toList();
  }
}
