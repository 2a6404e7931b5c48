package io.kubeipvs.proxy.plan.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.model.NodeAddresses;
import io.kubeipvs.proxy.model.SchedulerChoice;
import io.kubeipvs.proxy.plan.Claim;
import io.kubeipvs.proxy.plan.PlanContext;
import io.kubeipvs.proxy.plan.PlanSettings;
import io.kubeipvs.proxy.plan.Portal;
import io.kubeipvs.proxy.plan.ServicePlan;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the states of a real kube-proxy do not show. */
class PlannerTest {
  private static final String PORT = "{port: 80}";
  private static final String BALANCED =
      ", type: LoadBalancer}\nstatus: {loadBalancer: {ingress: [{ip: 192.0.2.10}]}";

  @Test
  void everyWayInIsAPortalWithItsOwnClaim() {
    ServicePlan plan =
        Given.plan(Given.CONTEXT, ", externalIPs: [192.0.2.20]" + BALANCED, "10.244.0.5@node1");
    assertThat(plan.portals())
        .extracting(Portal::kind)
        .containsExactly(
            Portal.Kind.CLUSTER_IP,
            Portal.Kind.EXTERNAL_IP,
            Portal.Kind.LOAD_BALANCER,
            Portal.Kind.NODE_PORT,
            Portal.Kind.SHARED);
    assertThat(plan.portals())
        .extracting(portal -> portal.claim().map(Claim::toString).orElse(""))
        .containsExactly(
            "TCP 10.96.0.10:80",
            "TCP 192.0.2.20:80",
            "TCP 192.0.2.10:80",
            "TCP node port 30080",
            "");
  }

  @Test
  void whatOnlyTheOwnerMayDoIsInThePortalOfTheClaim() {
    ServicePlan plan = Given.plan(Given.CONTEXT, BALANCED, "10.244.0.5@node1");
    for (Portal portal : plan.portals()) {
      boolean shared = portal.kind() == Portal.Kind.SHARED;
      assertThat(portal.claim().isEmpty()).isEqualTo(shared);
      assertThat(portal.services().isEmpty()).isEqualTo(shared);
      assertThat(portal.members()).isNotEmpty();
      boolean loopBack =
          portal.members().stream().anyMatch(m -> m.set().value().equals("KUBE-LOOP-BACK"));
      assertThat(loopBack).isEqualTo(shared);
    }
  }

  @Test
  void anAddressOfTheNodeIsNoVip() {
    for (String field :
        List.of(
            ", externalIPs: [10.0.2.15]",
            ", type: LoadBalancer}\nstatus: {loadBalancer: {ingress: [{ip: 10.0.2.15}]}")) {
      ServicePlan plan = Given.planPorts(Given.CONTEXT, field, PORT, "10.244.0.5@node1");
      assertThat(PlanText.ipvsadm(List.of(plan))).contains("-A -t 10.0.2.15:80 -s rr");
      assertThat(vips(plan)).containsExactly(IpAddress.of("10.96.0.10"));
      assertThat(PlanText.ipset(List.of(plan))).doesNotContain("add KUBE-IPVS-IPS 10.0.2.15");
    }
  }

  @Test
  void anExternalIpThatIsTheLoadBalancersAsWellIsOneVirtualServiceInTheSetsOfBoth() {
    ServicePlan plan =
        Given.planPorts(
            Given.CONTEXT, ", externalIPs: [192.0.2.10]" + BALANCED, PORT, "10.244.0.5@node1");
    assertThat(plan.portals())
        .filteredOn(p -> p.vips().contains(IpAddress.of("192.0.2.10")))
        .hasSize(1);
    assertThat(PlanText.ipset(List.of(plan)))
        .contains(
            "add KUBE-EXTERNAL-IP 192.0.2.10,tcp:80", "add KUBE-LOAD-BALANCER 192.0.2.10,tcp:80");
  }

  @Test
  void anExternalPolicyWithoutLocalEndpointKeepsOutOnlyOutsideClients() {
    ServicePlan plan =
        Given.plan(
            Given.CONTEXT,
            ", externalTrafficPolicy: Local, externalIPs: [192.0.2.20]" + BALANCED,
            "10.244.1.7@node2");
    assertThat(PlanText.ipvsadm(List.of(plan)))
        .contains(
            "-a -t 192.0.2.10:80 -r 10.244.1.7:8080 -m -w 1",
            "-a -t 192.0.2.20:80 -r 10.244.1.7:8080 -m -w 1",
            "-a -t 10.0.2.15:30080 -r 10.244.1.7:8080 -m -w 1");
    assertThat(PlanText.ipset(List.of(plan)))
        .contains(
            "add KUBE-NO-LOCAL-EXTERNAL 192.0.2.10,tcp:80",
            "add KUBE-NO-LOCAL-EXTERNAL 192.0.2.20,tcp:80",
            "add KUBE-NO-LOCAL-EXTERNAL 10.0.2.15,tcp:30080")
        .noneMatch(line -> line.contains("NO-LOCAL-INTERNAL"));
  }

  @Test
  void withoutAnyEndpointAPolicyDropsNobodyAndAllAreRefused() {
    ServicePlan plan =
        Given.plan(
            Given.CONTEXT,
            ", externalTrafficPolicy: Local, internalTrafficPolicy: Local" + BALANCED);
    assertThat(PlanText.ipvsadm(List.of(plan)))
        .containsExactly(
            "-A -t 10.0.2.15:30080 -s rr",
            "-A -t 10.96.0.10:80 -s rr",
            "-A -t 192.0.2.10:80 -s rr");
    assertThat(PlanText.ipset(List.of(plan)))
        .contains(
            "add KUBE-NO-ENDPOINTS 10.0.2.15,tcp:30080",
            "add KUBE-NO-ENDPOINTS 10.96.0.10,tcp:80",
            "add KUBE-NO-ENDPOINTS 192.0.2.10,tcp:80")
        .noneMatch(line -> line.contains("NO-LOCAL"));
  }

  @Test
  void aLocalEndpointTakesTheDropAway() {
    ServicePlan plan =
        Given.plan(
            Given.CONTEXT,
            ", externalTrafficPolicy: Local, internalTrafficPolicy: Local" + BALANCED,
            "10.244.1.7@node2",
            "10.244.0.5@node1");
    assertThat(PlanText.ipvsadm(List.of(plan))).noneMatch(line -> line.contains("10.244.1.7"));
    assertThat(PlanText.ipset(List.of(plan))).noneMatch(line -> line.contains("NO-LOCAL"));
  }

  @Test
  void aRangeOfEverybodyIsNoRestriction() {
    ServicePlan plan =
        Given.plan(
            Given.CONTEXT, ", loadBalancerSourceRanges: [0.0.0.0/0, 198.51.100.0/24]" + BALANCED);
    assertThat(PlanText.ipset(List.of(plan)))
        .noneMatch(line -> line.contains("FW") || line.contains("SOURCE"));
  }

  @Test
  void aRangeWithTheNodeInItOpensTheVipToTheNode() {
    ServicePlan with =
        Given.plan(Given.CONTEXT, ", loadBalancerSourceRanges: [10.0.0.0/16]" + BALANCED);
    ServicePlan without =
        Given.plan(Given.CONTEXT, ", loadBalancerSourceRanges: [10.1.0.0/16]" + BALANCED);
    String entry = "add KUBE-LOAD-BALANCER-SOURCE-IP 192.0.2.10,tcp:80,192.0.2.10";
    assertThat(PlanText.ipset(List.of(with))).contains(entry);
    assertThat(PlanText.ipset(List.of(without))).doesNotContain(entry);
  }

  @Test
  void affinityIsPersistenceOnEveryWayIn() {
    ServicePlan plan =
        Given.plan(
            Given.CONTEXT,
            ", type: NodePort, sessionAffinity: ClientIP,"
                + " sessionAffinityConfig: {clientIP: {timeoutSeconds: 60}}");
    assertThat(PlanText.ipvsadm(List.of(plan)))
        .containsExactly("-A -t 10.0.2.15:30080 -s rr -p 60", "-A -t 10.96.0.10:80 -s rr -p 60");
  }

  @Test
  void aServiceChoosesItsScheduler() {
    assertThat(annotated("scheduler: sh", "scheduler-flags: 'sh-port, sh-fallback'"))
        .contains("-A -t 10.96.0.10:80 -s sh -b sh-fallback,sh-port");
    assertThat(annotated("scheduler: mh")).contains("-A -t 10.96.0.10:80 -s mh -b mh-port");
  }

  @Test
  void aSchedulerTheKernelLacksIsReplacedByTheDefault() {
    PlanSettings settings =
        new PlanSettings(
            SchedulerChoice.of(new Scheduler("lc")), Optional.empty(), Set.of(new Scheduler("sh")));
    PlanContext context =
        new PlanContext(Given.CONTEXT.node(), Given.CONTEXT.addresses(), settings);
    assertThat(annotated(context, "scheduler: sh", "scheduler-flags: sh-port"))
        .contains("-A -t 10.96.0.10:80 -s lc");
  }

  @Test
  void weightsAreByEndpointThenByZone() {
    assertThat(
            annotated(
                "scheduler: wrr",
                "zone-weights: 'zone-of-node1=3'",
                "endpoint-weights: '10.244.0.6=7'"))
        .contains(
            "-a -t 10.96.0.10:80 -r 10.244.0.5:8080 -m -w 3",
            "-a -t 10.96.0.10:80 -r 10.244.0.6:8080 -m -w 7",
            "-a -t 10.96.0.10:80 -r 10.244.1.7:8080 -m -w 1");
  }

  @Test
  void slowStartMakesRoomForItsStepsWhereWeightsShare() {
    String weights = "endpoint-weights: '10.244.0.6=7'";
    assertThat(annotated("scheduler: wrr", weights, "slow-start: 30s"))
        .contains(
            "-a -t 10.96.0.10:80 -r 10.244.0.5:8080 -m -w 10",
            "-a -t 10.96.0.10:80 -r 10.244.0.6:8080 -m -w 70");
    assertThat(annotated(weights, "slow-start: 30s"))
        .as("by the proxy's own scheduler, rr")
        .contains("-a -t 10.96.0.10:80 -r 10.244.0.6:8080 -m -w 7");
    assertThat(annotated("scheduler: wrr", "zone-weights: 'zone-of-node2=65535'", "slow-start: 1m"))
        .contains("-a -t 10.96.0.10:80 -r 10.244.1.7:8080 -m -w 65535");
  }

  @Test
  void aServicesDrainTimeoutGoesBeforeTheProxys() {
    PlanSettings settings =
        new PlanSettings(SchedulerChoice.ROUND_ROBIN, Optional.of(Duration.ofMinutes(5)), Set.of());
    PlanContext context =
        new PlanContext(Given.CONTEXT.node(), Given.CONTEXT.addresses(), settings);
    assertThat(drainTimeout(Given.plan(context, ", type: NodePort")))
        .contains(Duration.ofMinutes(5));
    assertThat(drainTimeout(Given.planOf(context, annotatedManifest("drain-timeout: 30s"))))
        .contains(Duration.ofSeconds(30));
  }

  @Test
  void aNodeWithoutAddressesHasNoNodePorts() {
    PlanContext context =
        new PlanContext(Given.CONTEXT.node(), NodeAddresses.NONE, PlanSettings.DEFAULT);
    ServicePlan plan = Given.plan(context, ", type: NodePort", "10.244.0.5@node1");
    assertThat(PlanText.ipvsadm(List.of(plan)))
        .containsExactly(
            "-A -t 10.96.0.10:80 -s rr", "-a -t 10.96.0.10:80 -r 10.244.0.5:8080 -m -w 1");
    assertThat(PlanText.ipset(List.of(plan))).noneMatch(line -> line.contains("NODE-PORT"));
  }

  @Test
  void anAddressOfAFamilyTheServiceDoesNotHaveIsNotServed() {
    ServicePlan plan = Given.plan(Given.CONTEXT, ", type: NodePort, externalIPs: ['2001:db8::1']");
    assertThat(PlanText.ipvsadm(List.of(plan))).noneMatch(line -> line.contains("["));
  }

  @Test
  void theHealthCheckPortNeedsNoClaimAndIsThereOnce() {
    ServicePlan plan =
        Given.planPorts(
            Given.CONTEXT,
            ", externalTrafficPolicy: Local, healthCheckNodePort: 31999" + BALANCED,
            "{name: a, port: 80}, {name: b, port: 81}");
    assertThat(plan.portals())
        .filteredOn(portal -> portal.kind() == Portal.Kind.SHARED)
        .singleElement()
        .satisfies(
            portal ->
                assertThat(portal.members())
                    .hasToString("[add KUBE-HEALTH-CHECK-NODE-PORT 31999]"));
  }

  @Test
  void everyVirtualServiceIsCoveredByAClaimInASet() {
    ServicePlan plan =
        Given.planPorts(
            Given.CONTEXT,
            ", externalTrafficPolicy: Local, externalIPs: [192.0.2.20]" + BALANCED,
            "{name: a, port: 80, nodePort: 30080},"
                + " {name: b, port: 80, protocol: UDP, nodePort: 30080},"
                + " {name: c, port: 80, protocol: SCTP, nodePort: 30080}");
    Set<Claim> claimed = new TreeSet<>();
    for (Portal portal : plan.portals()) {
      portal.members().forEach(m -> KubeSets.claim(m.set(), m.entry()).ifPresent(claimed::add));
    }
    for (Portal portal : plan.portals()) {
      portal.claim().ifPresent(claim -> assertThat(claimed).contains(claim));
      for (ServiceKey key : portal.services().keySet()) {
        ServiceKey.Address own = (ServiceKey.Address) key;
        assertThat(claimed)
            .containsAnyOf(new Claim.Address(own), new Claim.NodePort(own.protocol(), own.port()));
      }
    }
    assertThat(claimed).contains(new Claim.NodePort(Protocol.SCTP, 30080));
  }

  private static Collection<String> annotated(String... annotations) {
    return annotated(Given.CONTEXT, annotations);
  }

  private static Collection<String> annotated(PlanContext context, String... annotations) {
    return PlanText.ipvsadm(List.of(Given.planOf(context, annotatedManifest(annotations))));
  }

  private static String annotatedManifest(String... annotations) {
    StringBuilder text = new StringBuilder("apiVersion: v1\nkind: Service\nmetadata:\n");
    text.append("  name: web\n  annotations:\n");
    for (String annotation : annotations) {
      text.append("    kube-ipvs.io/").append(annotation).append('\n');
    }
    text.append("spec: {clusterIP: 10.96.0.10, ports: [{port: 80}]}\n---\n");
    text.append("apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\naddressType: IPv4\n");
    text.append("metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}\n");
    text.append("ports: [{port: 8080}]\nendpoints:\n");
    text.append("- {addresses: [10.244.0.5], zone: zone-of-node1}\n");
    text.append("- {addresses: [10.244.0.6], zone: zone-of-node1}\n");
    text.append("- {addresses: [10.244.1.7], zone: zone-of-node2}\n");
    return text.toString();
  }

  private static Optional<Duration> drainTimeout(ServicePlan plan) {
    return plan.portals().get(0).services().values().iterator().next().drainTimeout();
  }

  private static Set<IpAddress> vips(ServicePlan plan) {
    Set<IpAddress> vips = new TreeSet<>();
    plan.portals().forEach(portal -> vips.addAll(portal.vips()));
    return vips;
  }
}
