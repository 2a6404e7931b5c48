package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.testing.RequiresKernel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The test-bed itself, without the daemon: services made by hand with ipvsadm, addresses as local
 * routes, and traffic that shows what the kernel did.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@IpvsOnly("drives IPVS by ipvsadm, without the daemon")
@RequiresKernel({"ip_vs", "ip_vs_rr", "veth", "sctp"})
final class TestbedE2E {
  private static final IpAddress VIP = IpAddress.of("10.96.0.10");
  private static final IpAddress VIP_V6 = IpAddress.of("fd00:96::10");
  private static final Map<String, Integer> TEN_EACH = Map.of("a", 10, "b", 10, "c", 10);

  private final Cluster cluster = Cluster.create();
  private final Node node1 = cluster.addNode();
  private final Node node2 = cluster.addNode();
  private final Client client = cluster.addClient();
  private final Pod a = node1.addPod("a");
  private final Pod b = node1.addPod("b");
  private final Pod c = node2.addPod("c");
  private final Pod asker = node1.addPod("asker");

  @BeforeAll
  void servicesMadeByHand() {
    node1.enableForwarding();
    node2.enableForwarding();
    for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP)) {
      for (Pod pod : List.of(a, b, c)) {
        pod.listen(protocol, 8080);
      }
    }
    node1.runReading(ipvsadmRules(), "ipvsadm", "-R").orFail();
    node1.sysctl("net/ipv4/vs/conntrack", 1);
    for (IpAddress vip : List.of(VIP, VIP_V6)) {
      IpAddress source = node1.addresses().of(vip.family());
      String route = "route add local %s dev lo table local src %s".formatted(vip, source);
      node1.run(("ip " + route).split(" ")).orFail();
      cluster.route(IpPrefix.host(vip), node1);
    }
    node1.run(masquerade("iptables")).orFail();
    node1.run(masquerade("ip6tables")).orFail();
  }

  /** Answers from another node's pod have to come back through this one. */
  private static String[] masquerade(String tool) {
    return (tool + " -t nat -A POSTROUTING -m ipvs --ipvs -j MASQUERADE").split(" ");
  }

  private String ipvsadmRules() {
    StringBuilder rules = new StringBuilder();
    for (String flag : List.of("-t", "-u", "--sctp-service")) {
      for (IpAddress vip : List.of(VIP, VIP_V6)) {
        String service = flag + " " + vip.withPort(80);
        rules.append("-A %s -s rr%n".formatted(service));
        for (Pod pod : List.of(a, b, c)) {
          String server = pod.addresses().of(vip.family()).withPort(8080);
          rules.append("-a %s -r %s -m%n".formatted(service, server));
        }
      }
    }
    return rules.toString();
  }

  @AfterAll
  void close() {
    cluster.close();
  }

  @Test
  void requestsOfAPodAreSharedEvenly() {
    Answers answers = asker.request(Request.tcp(VIP, 80).times(30));
    assertThat(answers.byServer()).isEqualTo(TEN_EACH);
    assertThat(answers.failures()).isEmpty();
  }

  /** Each packet counts, and the machine may be busy. */
  private static Request patient(Request request) {
    return request.within(Duration.ofSeconds(10));
  }

  @Test
  void requestsOfANodeAreSharedEvenly() {
    Request request = patient(Request.tcp(VIP, 80).times(30));
    assertThat(node1.request(request).byServer()).isEqualTo(TEN_EACH);
  }

  @Test
  void requestsFromOutsideAreSharedEvenly() {
    Answers answers = client.request(patient(Request.tcp(VIP, 80).times(30).parallel(5)));
    assertThat(answers.byServer()).isEqualTo(TEN_EACH);
    assertThat(answers.connectingAt(0.99)).isBetween(Duration.ofNanos(1), Duration.ofSeconds(9));
  }

  @Test
  void ipv6RequestsAreSharedEvenly() {
    for (Host host : List.of(asker, node1, client)) {
      Answers answers = host.request(patient(Request.tcp(VIP_V6, 80).times(30)));
      assertThat(answers.byServer()).as(host.name()).isEqualTo(TEN_EACH);
    }
  }

  @Test
  void udpRequestsAreSharedEvenly() {
    for (IpAddress vip : List.of(VIP, VIP_V6)) {
      Request request = patient(Request.udp(vip, 80).times(30).fromPorts(20_000));
      assertThat(asker.request(request).byServer()).isEqualTo(TEN_EACH);
    }
  }

  @Test
  void udpRequestsFromOnePortStayWithOneServer() {
    Answers answers = client.request(Request.udp(VIP, 80).times(5).fromPort(4000));
    assertThat(answers.byServer()).hasSize(1);
    assertThat(answers.byServer().values()).containsOnly(5);
  }

  @Test
  void sctpRequestsAreSharedEvenly() {
    Request request = patient(Request.sctp(VIP, 80).times(30).fromPorts(21_000));
    assertThat(asker.request(request).byServer()).isEqualTo(TEN_EACH);
  }

  @Test
  void serversSeeWhoAsks() {
    Answers direct = client.request(Request.tcp(a.v4(), 8080).times(2));
    assertThat(direct.clients()).containsExactly(client.v4());
    Answers masqueraded = client.request(Request.tcp(VIP, 80).times(3));
    assertThat(masqueraded.clients()).isEqualTo(Set.of(node1.v4()));
  }

  @Test
  void aClosedPortRefusesAndAnUnknownAddressDoesNotAnswer() {
    Request closed = Request.tcp(a.v4(), 9999).times(2);
    assertThat(asker.request(closed).byReason()).isEqualTo(Map.of(Answers.Failure.REFUSED, 2));
    Request closedUdp = Request.udp(a.v6(), 9999).times(2);
    assertThat(asker.request(closedUdp).byReason()).isEqualTo(Map.of(Answers.Failure.REFUSED, 2));
    node1.run("iptables -A FORWARD -d 198.51.100.1 -j DROP".split(" ")).orFail();
    Request dropped = Request.tcp(IpAddress.of("198.51.100.1"), 80).within(Duration.ofMillis(200));
    assertThat(asker.request(dropped).byReason()).isEqualTo(Map.of(Answers.Failure.TIMEOUT, 1));
  }

  @Test
  void everyoneReachesEveryone() {
    for (Host from : List.of(node1, node2, client, a, c)) {
      for (Host to : List.of(node1, node2, client, a, c)) {
        assertThat(from.ping(to.v4(), 1).failures()).as(from.name() + to.name()).isEmpty();
        assertThat(from.ping(to.v6(), 1).failures()).as(from.name() + to.name()).isEmpty();
      }
    }
  }

  @Test
  void aTransferNoticesThatItsServerGoes() {
    Pod server = node2.addPod("goes");
    server.listen(Protocol.TCP, 8080);
    Request trickling = Request.tcp(server.v4(), 8080).times(0).pausing(Duration.ofMillis(20));
    try (Load load = asker.start(trickling.overOneConnection())) {
      Await.until(
          Duration.ofMinutes(1),
          () -> load.soFar().answers().size() > 3,
          () -> load.soFar().toString());
      assertThat(load.soFar().failures()).isEmpty();
      server.stopListening(Protocol.TCP, 8080);
      // First the connection ends, then new ones are refused.
      Await.until(
          Duration.ofMinutes(1),
          () -> load.soFar().byReason().size() == 2,
          () -> load.soFar().toString());
      // A server with a question unread ends its connection by a reset.
      assertThat(load.stop().byReason().keySet())
          .contains(Answers.Failure.REFUSED)
          .hasSize(2)
          .isSubsetOf("closed", "ECONNRESET", Answers.Failure.REFUSED);
    }
  }
}
