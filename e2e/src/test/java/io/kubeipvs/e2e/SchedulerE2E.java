package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.testing.RequiresKernel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What Services ask for by annotations, by the way their requests are shared. */
@IpvsOnly("schedulers, weights and slow start are IPVS's; the rules choose by chance")
@RequiresKernel(
    value = {"ip_vs_wrr", "ip_vs_sh", "ip_vs_mh"},
    inIptablesMode = "nf_conntrack")
final class SchedulerE2E extends Scenario {
  private static final IpAddress VIP = IpAddress.of("10.96.5.10");
  private static final IpAddress OTHER_VIP = IpAddress.of("10.96.5.20");
  private static final String ZONE_A = SliceManifest.READY + ", zone: zone-a";
  private static final String ZONE_B = SliceManifest.READY + ", zone: zone-b";

  private int nextPort = 20_000;

  private static ServiceKey.Address key(IpAddress vip) {
    return ServiceKey.of(Protocol.TCP, vip, 80);
  }

  private static ExposedManifest service(String name, IpAddress vip) {
    return ExposedManifest.of("ClusterIP", name, vip).port(Protocol.TCP, 80);
  }

  private void serve(ExposedManifest service, Pod... pods) {
    String name = service.service().name();
    SliceManifest slice = slice(name, AddressFamily.IPV4, pods).port("tcp", Protocol.TCP, POD_PORT);
    write(name + ".yaml", service, slice);
  }

  /** So many, one after the other, whose ports nobody used before. */
  private Answers ask(int times) {
    return asker.request(request(times));
  }

  private Request request(int times) {
    nextPort += times;
    return Request.tcp(VIP, 80).times(times).fromPorts(nextPort - times);
  }

  private Map<String, Integer> answered(int times) {
    Answers answers = ask(times);
    assertThat(answers.failures()).isEmpty();
    return answers.byServer();
  }

  private KernelState awaitWeights(IpAddress vip, Map<Pod, Integer> weights) {
    Map<String, Integer> expected = new TreeMap<>();
    weights.forEach((pod, weight) -> expected.put(pod.v4().withPort(POD_PORT), weight));
    return awaitKernel(state -> state.servers(key(vip)).equals(expected));
  }

  private void awaitListed(IpAddress vip, String scheduler) {
    String line = "-A -t " + vip + ":80 -s " + scheduler;
    awaitKernel(state -> state.lines(KernelState.IPVS).contains(line));
  }

  @Test
  void weightsOfZonesAndEndpointsShareExactly() {
    SliceManifest slice =
        SliceManifest.of("web", AddressFamily.IPV4)
            .port("tcp", Protocol.TCP, POD_PORT)
            .backend(a.v4(), "node1", ZONE_A)
            .backend(b.v4(), "node1", ZONE_B)
            .backend(c.v4(), "node2", ZONE_A);
    ExposedManifest weighted =
        service("web", VIP)
            .annotation("scheduler", "wrr")
            .annotation("zone-weights", "zone-a=3")
            .annotation("endpoint-weights", c.v4() + "=4");
    write("web.yaml", weighted, slice);
    start();
    awaitWeights(VIP, Map.of(a, 3, b, 1, c, 4));
    awaitListed(VIP, "wrr");
    assertThat(answered(40)).isEqualTo(Map.of("a", 15, "b", 5, "c", 20));

    write("web.yaml", service("web", VIP).annotation("scheduler", "wrr"), slice);
    awaitWeights(VIP, Map.of(a, 1, b, 1, c, 1));
    assertThat(answered(30)).isEqualTo(Map.of("a", 10, "b", 10, "c", 10));
  }

  @Test
  void hashingKeepsAClientAndFlagsSpreadItAndSpareItDrainingServers() {
    ExposedManifest sh = service("web", VIP).annotation("scheduler", "sh");
    serve(sh, a, b, c);
    start();
    awaitServed(key(VIP), a, b, c);
    awaitListed(VIP, "sh");
    assertThat(answered(30)).hasSize(1);

    ExposedManifest byPort = sh.annotation("scheduler-flags", "sh-port");
    serve(byPort, a, b, c);
    awaitListed(VIP, "sh -b sh-port");
    assertThat(answered(60)).containsOnlyKeys("a", "b", "c");

    Request trickling =
        Request.tcp(VIP, 80).times(0).pausing(Duration.ofMillis(50)).within(PATIENCE);
    try (Load held = asker.start(trickling.parallel(24).overOneConnection().endingByReset())) {
      Await.until(PATIENCE, () -> held.soFar().byServer().containsKey("b"), () -> "not to b");
      Loads.awaitAnswers(held, 240); // all of them are connected
      serve(byPort, a, c);
      awaitWeights(VIP, Map.of(a, 1, b, 0, c, 1));
      // The kernel's sh sends some clients to a server that drains, who are refused.
      Answers hashed = asker.request(request(60).within(Duration.ofSeconds(1)));
      assertThat(hashed.byServer()).containsOnlyKeys("a", "c");
      assertThat(hashed.failures()).isNotEmpty();
      figure("of 60, by sh without sh-fallback", hashed.byReason());
      serve(sh.annotation("scheduler-flags", "sh-port, sh-fallback"), a, c);
      awaitListed(VIP, "sh -b sh-fallback,sh-port");
      assertThat(answered(60)).containsOnlyKeys("a", "c");

      ExposedManifest mh = service("web", VIP).annotation("scheduler", "mh");
      serve(mh.annotation("scheduler-flags", "mh-fallback"), a, c);
      awaitListed(VIP, "mh -b mh-fallback");
      assertThat(answered(30)).hasSize(1).doesNotContainKey("b");
      serve(mh.annotation("scheduler-flags", "mh-port,mh-fallback"), a, c);
      awaitListed(VIP, "mh -b mh-fallback,mh-port");
      assertThat(answered(60)).containsOnlyKeys("a", "c");
      assertThat(held.stop().failures()).isEmpty();
    }
  }

  private static final List<String> REPORTS =
      List.of(
          "annotations[kube-ipvs.io/scheduler]: ",
          "annotations[kube-ipvs.io/drain-timeout]: ",
          "annotations[kube-ipvs.io/zone-weights]: ",
          "annotations[kube-ipvs.io/endpoint-weights]: ",
          "annotations[kube-ipvs.io/slow-start]: ",
          "annotations[kube-ipvs.io/colour]: ");

  @Test
  void badValuesAreReportedAndAnUnknownSchedulerCostsNothing() {
    serve(
        service("bad", OTHER_VIP)
            .annotation("scheduler", "Round Robin")
            .annotation("drain-timeout", "soon")
            .annotation("zone-weights", "zone-a")
            .annotation("endpoint-weights", "10.244.0.5=0")
            .annotation("slow-start", "-3s")
            .annotation("colour", "red"),
        a,
        c);
    serve(service("web", VIP), a, c);
    Daemon daemon = start();
    awaitServed(key(OTHER_VIP), a, c);
    awaitListed(OTHER_VIP, "rr");
    daemon.awaitLog(PATIENCE, log -> REPORTS.stream().allMatch(log::contains));
    Answers ofBad = asker.request(Request.tcp(OTHER_VIP, 80).times(20).fromPorts(30_000));
    assertThat(ofBad.failures()).isEmpty();
    assertThat(ofBad.byServer()).isEqualTo(Map.of("a", 10, "c", 10));

    awaitServed(key(VIP), a, c);
    Request endless = Request.tcp(VIP, 80).times(0).pausing(Duration.ofMillis(10));
    try (Load load = asker.start(endless.within(Duration.ofSeconds(10)))) {
      serve(service("web", VIP).annotation("scheduler", "nonesuch"), a, b, c);
      awaitServed(key(VIP), a, b, c);
      awaitListed(VIP, "rr");
      Await.until(PATIENCE, () -> load.soFar().byServer().containsKey("b"), () -> "not to b");
      daemon.awaitLog(PATIENCE, log -> log.contains("nonesuch"));
      Answers answers = load.stop();
      assertThat(answers.failures()).isEmpty();
      figure("answers while the scheduler was unknown", answers.byServer());
    }
  }

  @Test
  void aNewServerStartsSlowlyAndGoesOnAfterAKill() {
    Path trace = directory().resolve("trace");
    ExposedManifest slow =
        service("web", VIP).annotation("scheduler", "wrr").annotation("slow-start", "36s");
    serve(slow, a, b);
    Daemon first = start();
    awaitWeights(VIP, Map.of(a, 10, b, 10));
    assertThat(answered(20)).as("that come together").isEqualTo(Map.of("a", 10, "b", 10));

    serve(slow, a, b, c);
    long joined = System.nanoTime();
    awaitKernel(state -> weight(state, c) > 0);
    int before = weight(KernelState.of(node1), c);
    int answers = answered(42).getOrDefault("c", 0);
    int after = weight(KernelState.of(node1), c);
    figure("of 42 to a server of weight " + before + ".." + after + " beside 10 and 10", answers);
    assertThat(before).isBetween(1, 9);
    assertThat(answers).isBetween(42 * before / (20 + before) - 2, 42 * after / (20 + after) + 2);

    first.kill();
    int killedAt = weight(KernelState.of(node1), c);
    start("--netlink-trace=" + trace);
    KernelState next = awaitKernel(state -> weight(state, c) > killedAt);
    assertThat(weight(next, a)).isEqualTo(10);
    assertThat(weight(next, b)).isEqualTo(10);
    figure("killed at weight " + killedAt + ", then", weight(next, c));
    awaitWeights(VIP, Map.of(a, 10, b, 10, c, 10));
    figure("full weight after 36 s of slow start", millisSince(joined) + " ms");
    assertThat(millisSince(joined)).isGreaterThanOrEqualTo(36_000);
    assertThat(NetlinkWrites.of(trace).writes()).hasSizeLessThanOrEqualTo(10 - killedAt);
    assertThat(answered(30)).isEqualTo(Map.of("a", 10, "b", 10, "c", 10));
  }

  private static int weight(KernelState state, Pod pod) {
    return state.servers(key(VIP)).getOrDefault(pod.v4().withPort(POD_PORT), 0);
  }
}
