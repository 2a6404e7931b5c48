package io.kubeipvs.proxy.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.diff.Phase;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is said besides where the packet goes: whose, why, and what is wrong. */
class ExplainTest {
  private static final String VIP = "10.96.0.10";
  private static final String HERE = "10.244.0.5@node1";
  private static final String THERE = "10.244.1.5@node2";
  private static final ServiceKey.Address KEY =
      new ServiceKey.Address(Protocol.TCP, IpAddress.of(VIP), 80);

  private static Question question(String client, String destination) throws Exception {
    return Questions.parse(client, destination, "", name -> Optional.empty());
  }

  @Test
  void theOwnerItsPolicyAndItsServersByNameAreSaid() throws Exception {
    PlannedKernel kernel =
        PlannedKernel.balancing(
            Given.web(", type: NodePort, externalTrafficPolicy: Local", HERE, THERE));
    Explanation explanation =
        kernel.explain(List.of()).explain(question("192.0.2.10", "10.0.2.15:30080"));
    assertThat(explanation.owner())
        .contains(
            new Owner(
                "default/web:tcp",
                "node port",
                "the Service asks for it, and the entry 30080 of KUBE-NODE-PORT-TCP claims it",
                List.of("externalTrafficPolicy: Local")));
    assertThat(explanation.servers())
        .containsExactly(
            new Explanation.ServerName("10.244.0.5:8080", "default/pod-10.244.0.5", "node1"));
    assertThat(explanation.verdict()).isEqualTo(Explanation.Verdict.DELIVERED);
    assertThat(explanation.isCertain()).isTrue();
  }

  @Test
  void withoutTheClustersWordSetsTellThatItIsAServices() throws Exception {
    PlannedKernel kernel = PlannedKernel.balancing(Given.web("", HERE));
    Explanation explanation =
        kernel.explainWithoutCluster().explain(question("10.244.0.9", VIP + ":80"));
    assertThat(explanation.owner().map(Owner::kind)).contains("cluster ip");
    assertThat(explanation.owner().map(Owner::why))
        .contains("the entry 10.96.0.10,tcp:80 of KUBE-CLUSTER-IP claims it");
    assertThat(explanation.notes()).anyMatch(note -> note.contains("asks for is not known"));
  }

  @Test
  void whatASyncWouldRepairHereIsSaidAndNothingElse() throws Exception {
    RealServer server = RealServer.masquerade(IpAddress.of("10.244.0.7"), 8080, 1);
    ServiceKey other = ServiceKey.of(Protocol.TCP, IpAddress.of("10.96.0.99"), 80);
    List<Operation> due =
        List.of(
            new Operation.Ipvs(Phase.PROGRAM_SERVICES, new IpvsCommand.AddServer(KEY, server)),
            new Operation.Ipvs(Phase.PROGRAM_SERVICES, new IpvsCommand.AddServer(other, server)));
    PlannedKernel kernel = PlannedKernel.balancing(Given.web("", HERE));
    assertThat(kernel.explain(due).explain(question("10.244.0.9", VIP + ":80")).disagreements())
        .containsExactly(
            "a server is missing: ipvsadm -a -t 10.96.0.10:80 -r 10.244.0.7:8080 -m -w 1");
  }

  @Test
  void theTextTellsEachStepWithItsEvidence() throws Exception {
    PlannedKernel kernel =
        PlannedKernel.balancing(
            Given.web(
                ", loadBalancerSourceRanges: [192.0.2.10/32], type: LoadBalancer}\n"
                    + "status: {loadBalancer: {ingress: [{ip: 198.51.100.10}]}",
                HERE));
    Explain explain = kernel.explain(List.of());
    assertThat(
            ExplanationText.of(explain.explain(question("192.0.2.11", "198.51.100.10:80")), false))
        .contains("to     198.51.100.10:80/TCP, load balancer IP of default/web:tcp")
        .contains("loadBalancerSourceRanges: [192.0.2.10/32]")
        .contains("\ndropped by filter KUBE-SOURCE-RANGES-FIREWALL")
        .contains(
            "because 198.51.100.10,tcp:80,192.0.2.11 is not in KUBE-LOAD-BALANCER-SOURCE-CIDR")
        .contains("-A KUBE-SOURCE-RANGES-FIREWALL -j DROP")
        .doesNotContain("goes on in KUBE-NODE-PORT");
    String told =
        ExplanationText.of(explain.explain(question("192.0.2.10", "198.51.100.10:80")), false);
    assertThat(told)
        .contains("delivered, masqueraded: the server sees 10.0.2.15\n")
        .contains("100.0 %  10.244.0.5:8080  default/pod-10.244.0.5  on node1")
        .contains("nat KUBE-MARK-MASQ: mark 0x4000")
        .contains("IPVS: to 10.244.0.5:8080, weight 1 (rr: by turns)")
        .contains("-A -t 198.51.100.10:80 -s rr")
        .contains("net.ipv4.ip_forward = 1");
  }

  @Test
  void chainsOfIptablesModeAreSaidByTheirServicesNames() throws Exception {
    PlannedKernel kernel = PlannedKernel.withRulesAlone(Given.web("", HERE, THERE));
    assertThat(
            ExplanationText.of(
                kernel.explain(List.of()).explain(question("10.244.0.9", VIP + ":80")), true))
        .contains("(default/web:tcp, endpoints anywhere)")
        .contains("(default/web:tcp, endpoint 10.244.1.5:8080, pod pod-10.244.1.5 on node2)")
        .contains("50.0 %");
  }

  @Test
  void programsGetTheSameByNamesThatStay() throws Exception {
    PlannedKernel kernel = PlannedKernel.balancing(Given.web("", HERE));
    Map<String, Object> tree =
        ExplanationTree.of(kernel.explain(List.of()).explain(question("node", VIP + ":80")));
    assertThat(tree)
        .containsEntry("client", "node")
        .containsEntry("destination", VIP)
        .containsEntry("port", 80)
        .containsEntry("protocol", "TCP")
        .containsEntry("verdict", "delivered")
        .containsEntry("certain", true)
        .containsKeys("from", "owner", "outcomes", "settings", "disagreements", "notes");
    assertThat(((List<?>) Objects.requireNonNull(tree.get("outcomes"))).get(0))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
        .containsEntry("fate", "delivered")
        .containsEntry("server", "10.244.0.5:8080")
        .containsEntry("pod", "default/pod-10.244.0.5")
        .containsEntry("share", 1.0)
        .containsEntry("masqueraded", true)
        .containsEntry("seenAs", "10.0.2.15");
  }

  @Test
  void answersThatMayBeLostAreSaid() throws Exception {
    PlannedKernel kernel =
        PlannedKernel.balancing(Given.web(", type: NodePort", THERE))
            .sysctl("net/ipv4/vs/conntrack", 0);
    Explanation lost = kernel.explain(List.of()).explain(question("192.0.2.10", "10.0.2.15:30080"));
    assertThat(lost.outcomes()).allMatch(each -> each.caution().contains("may go another way"));
    Explanation unforwarded =
        PlannedKernel.balancing(Given.web("", HERE))
            .sysctl("net/ipv4/ip_forward", 0)
            .explain(List.of())
            .explain(question("192.0.2.10", VIP + ":80"));
    assertThat(unforwarded.outcomes()).allMatch(each -> each.caution().contains("ip_forward = 0"));
  }
}
