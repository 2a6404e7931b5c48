package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.testing.RequiresKernel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rules of iptables mode with traffic, by the tools of both kinds, without the daemon: what is
 * planned for manifests is loaded into a node's tables as it changes.
 */
class IptablesModeE2E {
  private static final int POD_PORT = 8080;
  private static final int NODE_PORT = 30080;
  private static final IpAddress VIP = IpAddress.of("10.96.0.10");
  private static final IpAddress VIP_V6 = IpAddress.of("fd00:96::10");
  private static final IpAddress BALANCED = IpAddress.of("198.51.100.7");

  @Nested
  @RequiresKernel("nf_conntrack")
  class Legacy extends Suite {
    Legacy() {
      super("iptables-legacy");
    }
  }

  @Nested
  @Tag("nft")
  @RequiresKernel("nf_conntrack")
  class Nft extends Suite {
    Nft() {
      super("iptables-nft");
    }
  }

  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  abstract static class Suite {
    private final String program;
    private final Cluster cluster = Cluster.create();
    private final Node node1 = cluster.addNode();
    private final Node node2 = cluster.addNode();
    private final Client client = cluster.addClient();
    private final Client stranger = cluster.addClient();
    private final Pod a = node1.addPod("a");
    private final Pod b = node1.addPod("b");
    private final Pod c = node2.addPod("c");
    private final Pod asker = node1.addPod("asker");
    private List<IptablesTables> tables = List.of();

    Suite(String program) {
      this.program = program;
    }

    @BeforeAll
    void prepare() throws IOException {
      assumeTrue(works(), program + " does not work with this kernel");
      node1.enableForwarding();
      node2.enableForwarding();
      node1.sysctl("net/ipv4/conf/all/route_localnet", 1);
      for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP)) {
        List.of(a, b, c).forEach(pod -> pod.listen(protocol, POD_PORT));
      }
      for (String range : List.of("10.96.0.0/16", "fd00:96::/64", BALANCED + "/32")) {
        cluster.route(IpPrefix.of(range), node1);
      }
      tables = IptablesTables.on(node1, program);
    }

    /** In user-mode Linux the legacy tools stand under the nft names. */
    private boolean works() {
      String kind = program.endsWith("nft") ? "nf_tables" : "legacy";
      return node1.run(program, "--version").stdout().contains(kind)
          && node1.run(program, "-t", "nat", "-S").exitCode() == 0;
    }

    @AfterAll
    void close() {
      cluster.close();
    }

    /** The Service {@code web} with these servers, in the place of what it was. */
    private void put(Object service, Pod... pods) throws IOException {
      SliceManifest four = slice(AddressFamily.IPV4, pods);
      SliceManifest six = slice(AddressFamily.IPV6, pods);
      for (IptablesTables each : tables) {
        each.put(service, four, six);
      }
    }

    private SliceManifest slice(AddressFamily family, Pod... pods) {
      SliceManifest slice =
          SliceManifest.of("web", family)
              .port("tcp", Protocol.TCP, POD_PORT)
              .port("udp", Protocol.UDP, POD_PORT);
      for (Pod pod : pods) {
        String node = pod.equals(c) ? "node2" : "node1";
        slice = slice.backend(pod.addresses().of(family), node, SliceManifest.READY);
      }
      return slice;
    }

    private static ServiceManifest web() {
      return ServiceManifest.of("web", VIP, VIP_V6)
          .port("tcp", Protocol.TCP, 80)
          .port("udp", Protocol.UDP, 80);
    }

    private static ExposedManifest exposed(String policy) {
      return ExposedManifest.of("NodePort", "web", VIP)
          .port(Protocol.TCP, 80, NODE_PORT)
          .with("externalTrafficPolicy: " + policy);
    }

    /** What is emulated, beside others, may take its time. */
    private static Request patient(Request request) {
      return request.within(Duration.ofSeconds(10));
    }

    @Test
    void everyServerGetsItsShare() throws IOException {
      put(web(), a, b, c);
      Answers answers = asker.request(patient(Request.tcp(VIP, 80).times(1500).parallel(4)));
      assertThat(answers.failures()).isEmpty();
      assertThat(answers.clients()).containsExactly(asker.v4());
      assertThat(answers.byServer()).containsOnlyKeys("a", "b", "c");
      ChiSquare.of(answers.byServer(), Set.of("a", "b", "c")).assertIsChance("3 endpoints");
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(ints = {3, 10})
    void tenThousandConnectionsAreSharedAsChanceSharesThem(int endpoints) throws IOException {
      List<Pod> pods = new ArrayList<>(List.of(a, b, c));
      for (int i = pods.size(); i < endpoints; i++) {
        Pod more = node1.addPod("more" + i);
        more.listen(Protocol.TCP, POD_PORT);
        pods.add(more);
      }
      put(web(), pods.toArray(Pod[]::new));
      Request request = Request.tcp(VIP, 80).times(10_000).parallel(4).endingByReset();
      Answers answers = asker.request(request);
      assertThat(answers.failures()).isEmpty();
      Set<String> names = pods.stream().map(Pod::name).collect(Collectors.toSet());
      ChiSquare spread = ChiSquare.of(answers.byServer(), names);
      System.out.printf(
          "figure: %s, 10,000 connections over %d: chi-square %.1f, bound %.1f%n",
          program, endpoints, spread.sum(), spread.bound());
      spread.assertIsChance(endpoints + " endpoints");
    }

    @Test
    void everyHostReachesAllServersByEveryProtocolAndFamily() throws IOException {
      put(web(), a, b, c);
      for (Host host : List.of(asker, node1, client)) {
        for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP)) {
          for (IpAddress vip : List.of(VIP, VIP_V6)) {
            Answers answers =
                host.request(patient(Request.to(protocol, vip, 80).times(60).parallel(4)));
            String what = host.name() + " " + protocol + " " + vip;
            assertThat(answers.failures()).as(what).isEmpty();
            assertThat(answers.byServer()).as(what).containsOnlyKeys("a", "b", "c");
          }
        }
      }
    }

    @Test
    void aPodReachesItself() throws IOException {
      put(web(), a);
      assertThat(a.request(Request.tcp(VIP, 80).times(5)).byServer()).isEqualTo(Map.of("a", 5));
      assertThat(a.request(Request.udp(VIP_V6, 80).times(5)).byServer()).isEqualTo(Map.of("a", 5));
    }

    @Test
    void whoHasAnAffinityStaysWithItsServerUntilItExpires() throws IOException {
      put(
          web()
              .with("sessionAffinity: ClientIP")
              .with("sessionAffinityConfig: {clientIP: {timeoutSeconds: 5}}"),
          a,
          b,
          c);
      for (IpAddress vip : List.of(VIP, VIP_V6)) {
        Map<String, Integer> byServer = asker.request(Request.tcp(vip, 80).times(40)).byServer();
        assertThat(byServer).hasSize(1).containsValue(40);
      }
      Request rare = Request.tcp(VIP, 80).times(5).pausing(Duration.ofSeconds(7));
      List<Load> loads = Stream.of(asker, node1, client).map(host -> host.start(rare)).toList();
      assertThat(loads).extracting(load -> load.done().byServer().size()).anyMatch(n -> n > 1);
    }

    @Test
    void nodePortsAreServedToEverybody() throws IOException {
      put(exposed("Cluster"), a, b, c);
      Request request = patient(Request.tcp(node1.v4(), NODE_PORT).times(60).parallel(4));
      Answers outside = client.request(request);
      assertThat(outside.failures()).isEmpty();
      assertThat(outside.byServer()).containsOnlyKeys("a", "b", "c");
      assertThat(outside.clients()).doesNotContain(client.v4());
      IpAddress loopback = IpAddress.of("127.0.0.1");
      for (IpAddress own : List.of(node1.v4(), loopback)) {
        assertThat(node1.request(Request.tcp(own, NODE_PORT).times(40)).byServer())
            .containsOnlyKeys("a", "b", "c");
      }
    }

    @Test
    void aLocalPolicyKeepsTheClientsAddressAndTheNodeItselfReachesAll() throws IOException {
      put(exposed("Local"), a, b, c);
      Answers outside = client.request(Request.tcp(node1.v4(), NODE_PORT).times(60).parallel(4));
      assertThat(outside.byServer()).containsOnlyKeys("a", "b");
      assertThat(outside.clients()).isEqualTo(Set.of(client.v4()));
      for (Host host : List.of(asker, node1)) {
        assertThat(host.request(Request.tcp(node1.v4(), NODE_PORT).times(60)).byServer())
            .containsOnlyKeys("a", "b", "c");
      }
    }

    @Test
    void endpointsElsewhereAreNotGivenAwayAndNoneAtAllIsSaidAtOnce() throws IOException {
      put(exposed("Local"), c);
      Request request = Request.tcp(node1.v4(), NODE_PORT).times(2).within(Duration.ofMillis(500));
      assertThat(client.request(request).byReason()).isEqualTo(Map.of("timeout", 2));
      assertThat(asker.request(patient(request)).byServer()).isEqualTo(Map.of("c", 2));
      put(exposed("Local"));
      for (Host host : List.of(client, asker, node1)) {
        assertThat(host.request(patient(request)).byReason()).isEqualTo(Map.of("ECONNREFUSED", 2));
        assertThat(host.request(Request.tcp(VIP, 80).times(2)).byReason())
            .isEqualTo(Map.of("ECONNREFUSED", 2));
      }
    }

    @Test
    void aLoadBalancersAddressIsOpenToItsSourceRangesOnly() throws IOException {
      put(
          ExposedManifest.of("LoadBalancer", "web", VIP)
              .port(Protocol.TCP, 80)
              .ingress(BALANCED)
              .with("loadBalancerSourceRanges: [%s/32]".formatted(client.v4())),
          a);
      Request request = Request.tcp(BALANCED, 80).times(3).within(Duration.ofMillis(500));
      assertThat(client.request(patient(request)).byServer()).isEqualTo(Map.of("a", 3));
      assertThat(stranger.request(request).byReason()).isEqualTo(Map.of("timeout", 3));
    }

    @Test
    void serversComeAndGoWithoutAConnectionLost() throws Exception {
      put(web(), a, b);
      Request trickle =
          Request.tcp(VIP, 80).times(0).overOneConnection().pausing(Duration.ofMillis(20));
      try (Load established = asker.start(trickle);
          Load load = asker.start(patient(Request.tcp(VIP, 80).times(0).parallel(2)))) {
        Await.until(
            Duration.ofMinutes(1),
            () -> !established.soFar().answers().isEmpty(),
            () -> "no answer");
        for (int i = 0; i < 3; i++) {
          put(web(), b, c);
          put(web(), a, b);
          put(web(), c, a);
          put(web(), a, b);
        }
        assertThat(load.stop().failures()).isEmpty();
        Answers kept = established.stop();
        assertThat(kept.failures()).isEmpty();
        assertThat(kept.byServer()).hasSize(1);
      }
    }
  }
}
