package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What becomes of a server's connections when it goes, and when it comes back. */
@IpvsOnly(
    "about weights and connections in the IPVS table; what is translated goes on by "
        + "connection tracking (RollingUpdateE2E)")
final class DrainingE2E extends Scenario {
  private static final IpAddress VIP = IpAddress.of("10.96.9.10");
  private static final IpAddress OTHER_VIP = IpAddress.of("10.96.9.20");
  private static final int PORT = 80;

  private int nextPort = 20_000;

  private static ServiceManifest service(String name, IpAddress vip) {
    return ServiceManifest.of(name, vip).port("", Protocol.TCP, PORT);
  }

  private void serve(Object service, String name, Pod... pods) {
    SliceManifest slice = slice(name, AddressFamily.IPV4, pods).port("", Protocol.TCP, POD_PORT);
    write(name + ".yaml", service, slice);
  }

  private static ServiceKey.Address key(IpAddress vip) {
    return ServiceKey.of(Protocol.TCP, vip, PORT);
  }

  private Load transfer(IpAddress vip) {
    Request trickling = Request.tcp(vip, PORT).times(0).pausing(Duration.ofMillis(20));
    Load load = asker.start(trickling.overOneConnection().endingByReset().within(PATIENCE));
    awaitMore(load, "a");
    return load;
  }

  /** Further answers from there. */
  private static void awaitMore(Load load, String server) {
    int before = load.soFar().byServer().getOrDefault(server, 0);
    Await.until(
        PATIENCE,
        () -> load.soFar().byServer().getOrDefault(server, 0) > before + 5,
        () -> load.soFar().byServer() + " " + load.soFar().byReason());
  }

  private void awaitWeights(IpAddress vip, Map<Pod, Integer> weights) {
    awaitKernel(state -> state.servers(key(vip)).equals(at(weights)));
  }

  private static Map<String, Integer> at(Map<Pod, Integer> weights) {
    Map<String, Integer> servers = new TreeMap<>();
    weights.forEach((pod, weight) -> servers.put(pod.v4().withPort(POD_PORT), weight));
    return servers;
  }

  private void assertServedBy(IpAddress vip, Pod... pods) {
    Request request = Request.tcp(vip, PORT).times(2 * pods.length).endingByReset();
    Answers answers = asker.request(request.fromPorts(nextPort));
    nextPort += 2 * pods.length;
    assertThat(answers.failures()).isEmpty();
    assertThat(answers.byServer().keySet())
        .containsExactlyInAnyOrder(List.of(pods).stream().map(Pod::name).toArray(String[]::new));
  }

  private void assertRefused(Host from, IpAddress vip) {
    assertThat(from.request(Request.tcp(vip, PORT).times(2)).byReason())
        .as(from.name() + " to " + vip)
        .isEqualTo(Map.of(Answers.Failure.REFUSED, 2));
  }

  @Test
  void connectionsLastAReturningServerKeepsThemAndWrongWeightsAreRepaired() {
    serve(service("web", VIP), "web", a);
    start("--ipvs-sync-period=2s");
    awaitServed(key(VIP), a);
    try (Load load = transfer(VIP)) {
      serve(service("web", VIP), "web", b);
      awaitWeights(VIP, Map.of(a, 0, b, 1));
      assertServedBy(VIP, b);
      awaitMore(load, "a");
      serve(service("web", VIP), "web", a, b);
      awaitWeights(VIP, Map.of(a, 1, b, 1));
      assertServedBy(VIP, a, b);
      awaitMore(load, "a");

      // Somebody else's hand: one server of ours shut out, one preferred.
      String service = VIP + ":" + PORT;
      weight(service, a, 0);
      weight(service, b, 7);
      awaitWeights(VIP, Map.of(a, 1, b, 1));
      assertServedBy(VIP, a, b);
      awaitMore(load, "a");
      Answers answers = load.stop();
      assertThat(answers.failures()).isEmpty();
      assertThat(answers.byServer()).containsOnlyKeys("a");
    }
  }

  private void weight(String service, Pod pod, int weight) {
    String server = pod.v4().withPort(POD_PORT);
    node1.run("ipvsadm", "-e", "-t", service, "-r", server, "-m", "-w", "" + weight).orFail();
  }

  @Test
  void timeoutsEndWhatIsLeftAndAServicesOwnComesFirst() {
    ExposedManifest own =
        ExposedManifest.of("ClusterIP", "own", OTHER_VIP)
            .port(Protocol.TCP, PORT)
            .annotation("drain-timeout", "40s");
    SliceManifest slice = slice("own", AddressFamily.IPV4, a).port("tcp", Protocol.TCP, POD_PORT);
    write("own.yaml", own, slice);
    serve(service("web", VIP), "web", a);
    start("--ipvs-drain-timeout=15s");
    awaitServed(key(VIP), a);
    awaitServed(key(OTHER_VIP), a);
    try (Load load = transfer(VIP);
        Load ofOwn = transfer(OTHER_VIP)) {
      long began = System.nanoTime();
      write(
          "own.yaml", own, slice("own", AddressFamily.IPV4, b).port("tcp", Protocol.TCP, POD_PORT));
      serve(service("web", VIP), "web", b);
      awaitWeights(VIP, Map.of(a, 0, b, 1));
      awaitMore(load, "a");
      assertThat(load.soFar().failures()).as("while it drains").isEmpty();
      awaitServed(key(VIP), b);
      long gone = millisSince(began);
      figure("gone after a drain timeout of 15 s", gone + " ms");
      assertThat(gone).isGreaterThanOrEqualTo(15_000);
      // The connection is reset at once, so the client can tell; its next one finds who is there.
      awaitMore(load, "b");
      assertThat(load.stop().byReason()).isEqualTo(Map.of("ECONNRESET", 1));

      awaitWeights(OTHER_VIP, Map.of(a, 0, b, 1));
      awaitMore(ofOwn, "a");
      assertThat(ofOwn.soFar().failures()).as("with forty seconds of its own").isEmpty();
      awaitServed(key(OTHER_VIP), b);
      long ownGone = millisSince(began);
      figure("gone after a drain timeout of its own of 40 s", ownGone + " ms");
      assertThat(ownGone).isGreaterThanOrEqualTo(40_000);
    }
  }

  @Test
  void aDeletedServiceDrainsClosedToNewConnectionsAndSoItDoesThroughAKill() {
    serve(service("web", VIP), "web", a);
    serve(service("gone", OTHER_VIP), "gone", a);
    Daemon first = start();
    awaitServed(key(VIP), a);
    awaitServed(key(OTHER_VIP), a);
    try (Load load = transfer(VIP);
        Load ofGone = transfer(OTHER_VIP)) {
      serve(service("web", VIP), "web", b);
      write("gone.yaml");
      awaitWeights(OTHER_VIP, Map.of(a, 0));
      awaitWeights(VIP, Map.of(a, 0, b, 1));
      List.of(asker, node1, client).forEach(host -> assertRefused(host, OTHER_VIP));
      KernelState draining = KernelState.of(node1);
      assertThat(draining.entries("IPVS-IPS"))
          .as("other ports stay shut")
          .contains(OTHER_VIP.toString());

      first.kill();
      awaitMore(load, "a");
      awaitMore(ofGone, "a");
      Daemon second = start();
      second.awaitLog(PATIENCE, log -> log.contains("conn_reuse_mode"));
      serve(service("sign", IpAddress.of("10.96.9.30")), "sign", c);
      awaitServed(key(IpAddress.of("10.96.9.30")), c);
      assertThat(KernelState.of(node1).lines(KernelState.IPVS))
          .as("after the restart")
          .containsAll(draining.lines(KernelState.IPVS));
      assertServedBy(VIP, b);
      List.of(asker, node1, client).forEach(host -> assertRefused(host, OTHER_VIP));
      awaitMore(load, "a");
      awaitMore(ofGone, "a");

      for (Load each : List.of(load, ofGone)) {
        Answers answers = each.stop();
        assertThat(answers.failures()).isEmpty();
        assertThat(answers.byServer()).containsOnlyKeys("a");
      }
      long ended = System.nanoTime();
      awaitServed(key(VIP), b);
      awaitGone(key(OTHER_VIP));
      figure("gone after the last connection", millisSince(ended) + " ms (10 s are the kernel's)");
    }
  }
}
