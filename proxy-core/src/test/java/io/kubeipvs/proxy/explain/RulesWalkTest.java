package io.kubeipvs.proxy.explain;

import static io.kubeipvs.proxy.explain.PlannedKernel.OUTSIDE;
import static io.kubeipvs.proxy.explain.PlannedKernel.POD;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.conntrack.Flow;
import io.kubeipvs.netlink.conntrack.FlowTuple;
import io.kubeipvs.proxy.inspect.RecentClient;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rules alone: those of iptables mode, and those of others. */
class RulesWalkTest {
  private static final String VIP = "10.96.0.10";
  private static final String HERE = "10.244.0.5@node1";
  private static final String THERE = "10.244.1.5@node2";
  private static final String THIRD = "10.244.1.6@node2";

  @Test
  void chancesAreTheSharesTheyMean() {
    PlannedKernel kernel = PlannedKernel.withRulesAlone(Given.web("", HERE, THERE, THIRD));
    assertThat(kernel.ask(POD, VIP, 80))
        .containsExactly(
            "33% 10.244.0.5:8080 sees 10.244.0.9",
            "33% 10.244.1.5:8080 sees 10.244.0.9", "33% 10.244.1.6:8080 sees 10.244.0.9");
    assertThat(kernel.askFromNode(VIP, 80))
        .containsExactly(
            "33% 10.244.0.5:8080 masqueraded as 10.0.2.15",
            "33% 10.244.1.5:8080 masqueraded as 10.0.2.15",
            "33% 10.244.1.6:8080 masqueraded as 10.0.2.15");
  }

  @Test
  void policiesAndSourceRangesOfIptablesMode() {
    PlannedKernel local =
        PlannedKernel.withRulesAlone(
            Given.web(", type: NodePort, externalTrafficPolicy: Local", HERE, THERE));
    assertThat(local.ask(OUTSIDE, "10.0.2.15", 30080))
        .containsExactly("10.244.0.5:8080 sees 192.0.2.10");
    PlannedKernel none =
        PlannedKernel.withRulesAlone(
            Given.web(", type: NodePort, externalTrafficPolicy: Local", THERE));
    assertThat(none.ask(OUTSIDE, "10.0.2.15", 30080)).containsExactly("dropped");
    assertThat(PlannedKernel.withRulesAlone(Given.web("")).ask(POD, VIP, 80))
        .containsExactly("ICMP port unreachable");
    PlannedKernel ranges =
        PlannedKernel.withRulesAlone(
            Given.web(
                ", loadBalancerSourceRanges: [192.0.2.10/32], type: LoadBalancer}\n"
                    + "status: {loadBalancer: {ingress: [{ip: 198.51.100.10}]}",
                HERE));
    assertThat(ranges.ask(OUTSIDE, "198.51.100.10", 80))
        .containsExactly("10.244.0.5:8080 masqueraded as 10.0.2.15");
    assertThat(ranges.ask(IpAddress.of("192.0.2.11"), "198.51.100.10", 80))
        .containsExactly("dropped");
  }

  @Test
  void anAffinityThatIsNotKnownIsSaid() {
    PlannedKernel kernel =
        PlannedKernel.withRulesAlone(Given.web(", sessionAffinity: ClientIP", HERE, THERE));
    assertThat(kernel.ask(POD, VIP, 80)).hasSize(2).allMatch(line -> line.endsWith("?"));
  }

  @Test
  void whoIsRememberedGoesWhereItWent() {
    String fields = ", sessionAffinity: ClientIP";
    PlannedKernel kernel = PlannedKernel.withRulesAlone(Given.web(fields, HERE, THERE));
    String there = kernel.endpointChain("default/web:tcp", THERE.split("@", -1)[0], 8080);
    RecentClient pod = new RecentClient(there, POD, Optional.of(10_799_000L - 5000));
    RecentClient outside = new RecentClient(there, OUTSIDE, Optional.of(10_810_000L));
    RecentClient when = new RecentClient(there, IpAddress.of("10.244.0.8"), Optional.empty());
    kernel.remembering(pod, outside, when);

    assertThat(kernel.ask(POD, VIP, 80)).containsExactly("10.244.1.5:8080 sees 10.244.0.9");
    assertThat(kernel.ask(POD, VIP, 80, Protocol.UDP)).hasSize(2).noneMatch(RulesWalkTest::doubts);
    assertThat(kernel.ask(OUTSIDE, VIP, 80)).hasSize(2).noneMatch(RulesWalkTest::doubts);
    assertThat(kernel.ask(when.client(), VIP, 80)).hasSize(2).anyMatch(RulesWalkTest::doubts);
  }

  private static boolean doubts(String line) {
    return line.endsWith("?");
  }

  @Test
  void aFlowThatIsThereGoesOnWhateverTheRulesSayNow() {
    IpAddress vip = IpAddress.of(VIP);
    IpAddress server = IpAddress.of("10.244.1.77");
    IpAddress node = PlannedKernel.NODE;
    Flow flow =
        new Flow(
            Protocol.TCP,
            new FlowTuple(OUTSIDE, 40000, vip, 80),
            new FlowTuple(server, 8080, node, 40000),
            0,
            0);
    PlannedKernel kernel = PlannedKernel.withRulesAlone(Given.web("", HERE)).flow(flow);
    assertThat(kernel.ask(Optional.of(OUTSIDE), 40000, VIP, 80, Protocol.TCP))
        .containsExactly("10.244.1.77:8080 masqueraded as 10.0.2.15");
  }

  @Test
  void aConditionNobodyKnowsLeavesBothWaysOpen() {
    PlannedKernel kernel =
        new PlannedKernel()
            .rules(
                AddressFamily.IPV4,
                """
                *filter
                :INPUT ACCEPT [0:0]
                :FORWARD DROP [0:0]
                :OUTPUT ACCEPT [0:0]
                :CUSTOM - [0:0]
                -A FORWARD -p tcp -m u32 --u32 "0x0=0x1" -j DROP
                -A FORWARD -m comment --comment "a -j DROP that is none" -j CUSTOM
                -A CUSTOM ! -s 10.244.0.0/16 -m multiport --dports 80,8000:8100 -j REJECT --reject-with icmp-host-prohibited
                -A CUSTOM -p tcp -m tcp --dport 443 --tcp-flags FIN,SYN,RST,ACK SYN -g ALLOW
                :ALLOW - [0:0]
                -A ALLOW -i veth+ ! -o lo -j ACCEPT
                COMMIT
                """);
    assertThat(kernel.ask(POD, "203.0.113.1", 443))
        .containsExactly("dropped ?", "forwarded by eth0 ?");
    assertThat(kernel.ask(POD, "203.0.113.1", 443, Protocol.UDP)).containsExactly("dropped");
    assertThat(kernel.ask(OUTSIDE, "10.244.0.5", 8080, Protocol.UDP))
        .containsExactly("ICMP host prohibited");
  }

  @Test
  void marksAreFlippedAndComparedBitByBit() {
    PlannedKernel kernel =
        new PlannedKernel()
            .rules(
                AddressFamily.IPV4,
                """
                *mangle
                :PREROUTING ACCEPT [0:0]
                -A PREROUTING -s 10.244.0.9/32 -j MARK --set-xmark 0x4000/0x4000
                -A PREROUTING -j MARK --set-xmark 0x10/0xff
                COMMIT
                *nat
                :POSTROUTING ACCEPT [0:0]
                -A POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
                -A POSTROUTING -m mark --mark 0x4010 -j MASQUERADE
                COMMIT
                """);
    List<Outcome> outcomes =
        new Explainer(kernel.facts())
            .walk(
                new Question(
                    Optional.of(POD), 0, "", IpAddress.of("203.0.113.1"), 443, Protocol.TCP))
            .outcomes();
    assertThat(outcomes)
        .extracting(Outcome::seenAs)
        .containsExactly(Optional.of(PlannedKernel.NODE));
  }
}
