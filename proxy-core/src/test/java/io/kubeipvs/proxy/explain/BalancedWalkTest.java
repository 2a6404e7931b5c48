package io.kubeipvs.proxy.explain;

import static io.kubeipvs.proxy.explain.PlannedKernel.NODE;
import static io.kubeipvs.proxy.explain.PlannedKernel.OUTSIDE;
import static io.kubeipvs.proxy.explain.PlannedKernel.OUTSIDE_V6;
import static io.kubeipvs.proxy.explain.PlannedKernel.POD;
import static io.kubeipvs.proxy.explain.PlannedKernel.POD_V6;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.IpvsConnection;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Our own rules, sets and services in IPVS mode. */
class BalancedWalkTest {
  private static final String VIP = "10.96.0.10";
  private static final String HERE = "10.244.0.5@node1";
  private static final String THERE = "10.244.1.5@node2";
  private static final String BALANCER =
      ", type: LoadBalancer}\nstatus: {loadBalancer: {ingress: [{ip: 198.51.100.10}]}";

  @Test
  void podsKeepTheirAddressAndStrangersAreMasqueradedAtAClusterIp() {
    PlannedKernel kernel = PlannedKernel.balancing(Given.web("", HERE, THERE));
    assertThat(kernel.ask(POD, VIP, 80))
        .containsExactly(
            "50% 10.244.0.5:8080 sees 10.244.0.9", "50% 10.244.1.5:8080 sees 10.244.0.9");
    assertThat(kernel.ask(OUTSIDE, VIP, 80, Protocol.UDP))
        .containsExactly(
            "50% 10.244.0.5:8080 masqueraded as 10.0.2.15",
            "50% 10.244.1.5:8080 masqueraded as 10.0.2.15");
    assertThat(kernel.askFromNode(VIP, 80))
        .containsExactly(
            "50% 10.244.0.5:8080 masqueraded as 10.0.2.15",
            "50% 10.244.1.5:8080 masqueraded as 10.0.2.15");
  }

  @Test
  void whoReachesItselfIsMasqueraded() {
    PlannedKernel kernel = PlannedKernel.balancing(Given.web("", HERE));
    assertThat(kernel.ask(IpAddress.of("10.244.0.5"), VIP, 80))
        .containsExactly("10.244.0.5:8080 masqueraded as 10.0.2.15");
    PlannedKernel elsewhere = PlannedKernel.balancing(Given.web("", THERE));
    assertThat(elsewhere.ask(IpAddress.of("10.244.1.5"), VIP, 80))
        .as("comes by this node, whose set has only pods of its own")
        .containsExactly("dropped");
  }

  @Test
  void nodePortsServeEverybodyMasqueraded() {
    PlannedKernel kernel = PlannedKernel.balancing(Given.web(", type: NodePort", THERE));
    for (IpAddress client : List.of(OUTSIDE, POD)) {
      assertThat(kernel.ask(client, "10.0.2.15", 30080))
          .containsExactly("10.244.1.5:8080 masqueraded as 10.0.2.15");
    }
    assertThat(kernel.askFromNode("10.0.2.15", 30080))
        .containsExactly("10.244.1.5:8080 masqueraded as 10.0.2.15");
    assertThat(kernel.askFromNode("127.0.0.1", 30080)).containsExactly("TCP reset");
    assertThat(kernel.ask(OUTSIDE_V6, "fd00:10::15", 30080)).containsExactly("TCP reset");
  }

  @Test
  void withALocalPolicyClientsKeepTheirAddressOrAreDropped() {
    String fields = ", type: NodePort, externalTrafficPolicy: Local";
    PlannedKernel kernel = PlannedKernel.balancing(Given.web(fields, HERE, THERE));
    assertThat(kernel.ask(OUTSIDE, "10.0.2.15", 30080))
        .containsExactly("10.244.0.5:8080 sees 192.0.2.10");
    PlannedKernel none = PlannedKernel.balancing(Given.web(fields, THERE));
    assertThat(none.ask(OUTSIDE, "10.0.2.15", 30080)).containsExactly("dropped");
    assertThat(none.ask(POD, "10.0.2.15", 30080))
        .containsExactly("10.244.1.5:8080 sees 10.244.0.9");
    assertThat(none.askFromNode("10.0.2.15", 30080))
        .containsExactly("10.244.1.5:8080 masqueraded as 10.0.2.15");
  }

  @Test
  void anInternalLocalPolicyDrops() {
    PlannedKernel kernel =
        PlannedKernel.balancing(Given.web(", internalTrafficPolicy: Local", THERE));
    assertThat(kernel.ask(POD, VIP, 80)).containsExactly("dropped");
    assertThat(kernel.askFromNode(VIP, 80)).containsExactly("dropped");
  }

  @Test
  void whereNobodyServesEverybodyIsRefusedInTheWayOfItsProtocol() {
    PlannedKernel kernel = PlannedKernel.balancing(Given.web(""));
    for (IpAddress client : List.of(OUTSIDE, POD)) {
      assertThat(kernel.ask(client, VIP, 80)).containsExactly("TCP reset");
      assertThat(kernel.ask(client, VIP, 80, Protocol.UDP))
          .containsExactly("ICMP port unreachable");
    }
    assertThat(kernel.askFromNode(VIP, 80)).containsExactly("ICMP port unreachable");
    assertThat(kernel.askFromNode("fd00:96::10", 80)).containsExactly("TCP reset");
    assertThat(kernel.ask(POD_V6, "fd00:96::10", 80)).containsExactly("TCP reset");
  }

  @Test
  void sourceRangesLetInWhoIsInThem() {
    String ranges = ", loadBalancerSourceRanges: [192.0.2.10/32]" + BALANCER;
    PlannedKernel kernel = PlannedKernel.balancing(Given.web(ranges, HERE));
    assertThat(kernel.ask(OUTSIDE, "198.51.100.10", 80))
        .containsExactly("10.244.0.5:8080 masqueraded as 10.0.2.15");
    for (String client : List.of("192.0.2.11", "10.244.0.9")) {
      assertThat(kernel.ask(IpAddress.of(client), "198.51.100.10", 80)).containsExactly("dropped");
    }
    assertThat(kernel.askFromNode("198.51.100.10", 80)).containsExactly("dropped");
  }

  @Test
  void otherPortsOfAVipAreRefusedWhateverListens() {
    PlannedKernel kernel =
        PlannedKernel.balancing(Given.web("", HERE))
            .listening(Protocol.TCP, IpAddress.of("::"), 9999);
    assertThat(kernel.ask(OUTSIDE, VIP, 9999)).containsExactly("TCP reset");
    assertThat(kernel.askFromNode(VIP, 9999)).containsExactly("TCP reset");
    assertThat(kernel.ask(OUTSIDE, "10.0.2.15", 9999)).containsExactly("host");
    assertThat(kernel.ask(OUTSIDE, "10.0.2.15", 9998)).containsExactly("TCP reset");
  }

  @Test
  void affinitySendsWhoWasHereToTheSameServer() {
    IpvsConnection template =
        new IpvsConnection(
            "TCP",
            POD,
            0,
            IpAddress.of(VIP),
            80,
            IpAddress.of("10.244.1.5"),
            8080,
            "NONE",
            60,
            Optional.empty());
    PlannedKernel kernel =
        PlannedKernel.balancing(Given.web(", sessionAffinity: ClientIP", HERE, THERE))
            .connection(template);
    assertThat(kernel.ask(POD, VIP, 80)).containsExactly("10.244.1.5:8080 sees 10.244.0.9");
    assertThat(kernel.ask(OUTSIDE, VIP, 80)).hasSize(2);
  }

  @Test
  void aConnectionThatIsThereGoesOnWithItsServer() {
    IpvsConnection connection =
        new IpvsConnection(
            "TCP",
            POD,
            40000,
            IpAddress.of(VIP),
            80,
            IpAddress.of("10.244.1.7"),
            8080,
            "ESTABLISHED",
            900,
            Optional.empty());
    PlannedKernel kernel =
        PlannedKernel.balancing(Given.web("", HERE, THERE)).connection(connection);
    assertThat(kernel.ask(Optional.of(POD), 40000, VIP, 80, Protocol.TCP))
        .containsExactly("10.244.1.7:8080 sees 10.244.0.9");
    assertThat(kernel.ask(POD, VIP, 80)).hasSize(2);
  }

  @Test
  void aServerThatIsAnAddressOfThisHostIsASocketOfIt() {
    PlannedKernel kernel = PlannedKernel.balancing(Given.web("", "10.0.2.15@node1"));
    assertThat(kernel.ask(POD, VIP, 80)).containsExactly("10.0.2.15:8080 here sees 10.244.0.9");
    assertThat(kernel.askFromNode(VIP, 80))
        .containsExactly("10.0.2.15:8080 here masqueraded as 10.0.2.15");
  }

  @Test
  void settingsOfTheKernelChangeTheAnswer() {
    PlannedKernel untracked =
        PlannedKernel.balancing(Given.web(", type: NodePort", HERE))
            .sysctl("net/ipv4/vs/conntrack", 0);
    assertThat(untracked.ask(OUTSIDE, "10.0.2.15", 30080))
        .containsExactly("10.244.0.5:8080 sees 192.0.2.10");
    PlannedKernel strict =
        PlannedKernel.balancing(Given.web("", HERE)).sysctl("net/ipv4/conf/eth0/rp_filter", 1);
    Question strange =
        new Question(Optional.of(POD), 0, "eth0", IpAddress.of(VIP), 80, Protocol.TCP);
    assertThat(new Explainer(strict.facts()).walk(strange).outcomes())
        .extracting(Outcome::fate)
        .hasOnlyElementsOfType(Fate.Dropped.class);
    PlannedKernel still = PlannedKernel.balancing().sysctl("net/ipv4/ip_forward", 0);
    assertThat(still.ask(OUTSIDE, "10.244.0.5", 8080)).containsExactly("dropped");
  }

  @Test
  void whatNoServiceOwnsGoesOnAsItIsAddressed() {
    PlannedKernel kernel = PlannedKernel.balancing(Given.web("", HERE));
    assertThat(kernel.ask(POD, "203.0.113.1", 443)).containsExactly("forwarded by eth0");
    assertThat(kernel.ask(NODE, "10.244.0.5", 8080)).containsExactly("forwarded by vethpod5");
  }
}
