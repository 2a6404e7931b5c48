package io.kubeipvs.proxy.plan.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.iptables.ChainKey;
import io.kubeipvs.iptables.Rule;
import io.kubeipvs.iptables.RuleSet;
import io.kubeipvs.iptables.SharedRule;
import io.kubeipvs.iptables.Table;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.proxy.model.NodeAddresses;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.plan.DetectLocal;
import io.kubeipvs.proxy.plan.PlanContext;
import io.kubeipvs.proxy.plan.PlanSettings;
import io.kubeipvs.proxy.plan.RuleSettings;
import io.kubeipvs.proxy.source.Manifest;
import io.kubeipvs.proxy.source.ManifestReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the states of a real kube-proxy do not show. */
class IptablesPlannerTest {
  private static final String PORT = "{port: 80}";
  private static final String NODE_PORT = "{port: 80, nodePort: 30080}";
  private static final String SVC = "KUBE-SVC-" + PortChains.hash("default/webtcp");
  private static final String SEP = "KUBE-SEP-" + PortChains.hash("default/webtcp10.244.0.5:8080");

  private static PlanContext context(List<IpPrefix> nodePortRanges) {
    IpAddress own = IpAddress.of("10.0.2.15");
    return new PlanContext(
        new NodeInfo("node1", List.of(own), "", List.of()),
        NodeAddresses.choose(List.of(own, IpAddress.of("10.0.3.15")), nodePortRanges),
        PlanSettings.DEFAULT);
  }

  private static IptablesSettings detecting(DetectLocal detectLocal) {
    return new IptablesSettings(
        new RuleSettings(false, 14, detectLocal, true), true, true, List.of());
  }

  /** One Service, {@code 10.96.0.10}, of a node that has 10.244.0.5 of its endpoints. */
  private static ServiceRules plan(
      IptablesSettings settings, String fields, String ports, String... endpoints) {
    StringBuilder text = new StringBuilder("apiVersion: v1\nkind: Service\n");
    text.append("metadata: {name: web, namespace: default}\n");
    text.append("spec: {clusterIP: 10.96.0.10, ports: [").append(ports).append("]");
    text.append(fields).append("}\n---\n");
    text.append("apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\naddressType: IPv4\n");
    text.append("metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}\n");
    text.append("ports: [{port: 8080}, {name: dns, port: 8053, protocol: UDP}]\nendpoints:\n");
    for (String endpoint : endpoints) {
      String node = endpoint.startsWith("10.244.0.") ? "node1" : "node2";
      text.append("- {addresses: [").append(endpoint).append("], nodeName: " + node + "}\n");
    }
    Manifest read = ManifestReader.read("test", text.toString().getBytes(StandardCharsets.UTF_8));
    assertThat(read.problems()).isEmpty();
    return IptablesPlanner.plan(
        read.services().get(0),
        AddressFamily.IPV4,
        read.slices(),
        context(settings.nodePortRanges()),
        settings);
  }

  private static List<String> rules(ServiceRules plan, String chain) {
    return plan.chains().getOrDefault(ChainKey.of(Table.NAT, chain), List.of()).stream()
        .map(Rule::text)
        .toList();
  }

  private static List<String> shared(ServiceRules plan) {
    return plan.part().shared().stream().map(SharedRule::toString).toList();
  }

  @Test
  void whoHasBeenToAnEndpointIsAskedForBeforeTheDiceAreThrown() {
    ServiceRules plan =
        plan(
            IptablesSettings.DEFAULT,
            ", sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 60}}",
            PORT,
            "10.244.0.5",
            "10.244.1.7");
    String other = "KUBE-SEP-" + PortChains.hash("default/webtcp10.244.1.7:8080");
    String recent = "-m recent --rcheck --seconds 60 --reap --name ";
    String mask = " --mask 255.255.255.255 --rsource";
    String first = "-m comment --comment \"default/web -> 10.244.0.5:8080\" ";
    String second = "-m comment --comment \"default/web -> 10.244.1.7:8080\" ";
    assertThat(rules(plan, SVC))
        .containsExactly(
            first + recent + SEP + mask + " -j " + SEP,
            second + recent + other + mask + " -j " + other,
            first + "-m statistic --mode random --probability 0.50000000000 -j " + SEP,
            second + "-j " + other);
    assertThat(rules(plan, SEP))
        .containsExactly(
            "-s 10.244.0.5/32 -m comment --comment \"default/web\" -j KUBE-MARK-MASQ",
            "-p tcp -m comment --comment \"default/web\" -m recent --set --name "
                + SEP
                + mask
                + " -m tcp -j DNAT --to-destination 10.244.0.5:8080");
  }

  @Test
  void everyEndpointGetsTheSameShare() {
    ServiceRules plan =
        plan(IptablesSettings.DEFAULT, "", PORT, "10.244.0.5", "10.244.1.7", "10.244.1.8");
    assertThat(rules(plan, SVC))
        .extracting(rule -> rule.replaceAll(".*--probability (\\S+) .*", "$1"))
        .satisfies(
            shares ->
                assertThat(shares.subList(0, 2))
                    .isEqualTo(List.of("0.33333333349", "0.50000000000")))
        .hasSize(3);
    assertThat(rules(plan, SVC).get(2)).doesNotContain("statistic");
  }

  @Test
  void podsBehindABridgeAreToldByIt() {
    DetectLocal bridge = new DetectLocal.Bridge("cni0");
    ServiceRules plan =
        plan(
            detecting(bridge),
            ", type: NodePort, externalTrafficPolicy: Local",
            NODE_PORT,
            "10.244.0.5",
            "10.244.1.7");
    assertThat(rules(plan, SVC).get(0))
        .isEqualTo(
            "-d 10.96.0.10/32 ! -i cni0 -p tcp -m comment --comment \"default/web cluster IP\""
                + " -m tcp --dport 80 -j KUBE-MARK-MASQ");
    assertThat(rules(plan, SVC.replace("SVC", "EXT")).get(0))
        .isEqualTo(
            "-i cni0 -m comment --comment \"pod traffic for default/web external destinations\""
                + " -j "
                + SVC);
  }

  @Test
  void whereNobodyKnowsThePodsNobodyIsMasqueradedOnTheWayToAClusterIp() {
    ServiceRules plan =
        plan(
            detecting(DetectLocal.NONE),
            ", type: NodePort, externalTrafficPolicy: Local",
            NODE_PORT,
            "10.244.0.5");
    assertThat(rules(plan, SVC)).hasSize(1);
    assertThat(rules(plan, SVC.replace("SVC", "EXT")))
        .noneMatch(rule -> rule.contains("pod traffic"))
        .hasSize(3);
  }

  @Test
  void anExternalIpThatIsTheLoadBalancersAsWellIsRestrictedAsThat() {
    ServiceRules plan =
        plan(
            IptablesSettings.DEFAULT,
            ", type: LoadBalancer, externalIPs: [192.0.2.10],"
                + " loadBalancerSourceRanges: [198.51.100.0/24]}\n"
                + "status: {loadBalancer: {ingress: [{ip: 192.0.2.10}]}",
            "{port: 80}",
            "10.244.0.5");
    assertThat(shared(plan))
        .filteredOn(rule -> rule.contains("192.0.2.10"))
        .allMatch(rule -> rule.contains("KUBE-FW-"))
        .hasSize(2);
  }

  @Test
  void everybodyAmongTheSourceRangesIsNoRestriction() {
    ServiceRules plan =
        plan(
            IptablesSettings.DEFAULT,
            ", type: LoadBalancer, loadBalancerSourceRanges: [198.51.100.0/24, 0.0.0.0/0]}\n"
                + "status: {loadBalancer: {ingress: [{ip: 192.0.2.10}]}",
            "{port: 80}",
            "10.244.0.5");
    assertThat(shared(plan)).noneMatch(rule -> rule.contains("KUBE-PROXY-FIREWALL"));
    assertThat(rules(plan, SVC.replace("SVC", "FW"))).isEmpty();
  }

  @Test
  void onlyFlowsThatOutliveTheirRulesAreKnown() {
    ServiceRules plan =
        plan(
            IptablesSettings.DEFAULT,
            ", type: NodePort",
            "{name: http, port: 80}, {name: dns, port: 53, protocol: UDP, nodePort: 30053}",
            "10.244.0.5");
    assertThat(plan.portals())
        .filteredOn(portal -> portal.flows().isPresent())
        .allMatch(
            portal ->
                portal.servers().equals(Set.of(new ServerKey(IpAddress.of("10.244.0.5"), 8053))))
        .extracting(portal -> portal.flows().orElseThrow().toString())
        .containsExactly(
            "-p udp --orig-dst 10.96.0.10 --orig-port-dst 53", "-p udp --orig-port-dst 30053");
  }

  @Test
  void aFamilyTheServiceHasNotIsNotPlanned() {
    Manifest read =
        ManifestReader.read(
            "test",
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: default}
            spec: {clusterIP: 10.96.0.10, ports: [{port: 80}]}
            """
                .getBytes(StandardCharsets.UTF_8));
    ServiceRules plan =
        IptablesPlanner.plan(
            read.services().get(0),
            AddressFamily.IPV6,
            List.of(),
            context(List.of()),
            IptablesSettings.DEFAULT);
    assertThat(plan).isEqualTo(ServiceRules.nothing(read.services().get(0).name()));
  }

  @Test
  void nodePortsOfSomeAddressesAreLookedForOnThoseOnly() {
    List<IpPrefix> ranges = List.of(IpPrefix.of("10.0.3.0/24"), IpPrefix.of("127.0.0.0/8"));
    RuleSet constants =
        IptablesPlanner.constants(
            AddressFamily.IPV4,
            context(ranges),
            new IptablesSettings(RuleSettings.DEFAULT, true, true, ranges));
    assertThat(constants.chains().get(KubeChains.SERVICES))
        .extracting(rule -> rule.text().replaceAll(" -m comment.*", ""))
        .containsExactly("-d 127.0.0.1/32", "-d 10.0.3.15/32");
  }

  @Test
  void withoutNodePortsOnLoopbackNothingGuardsIt() {
    RuleSet constants =
        IptablesPlanner.constants(
            AddressFamily.IPV4,
            context(List.of()),
            new IptablesSettings(RuleSettings.DEFAULT, false, false, List.of()));
    assertThat(constants.chains().get(KubeChains.FIREWALL)).isEmpty();
    assertThat(constants.chains().get(KubeChains.FORWARD)).hasSize(2);
  }
}
