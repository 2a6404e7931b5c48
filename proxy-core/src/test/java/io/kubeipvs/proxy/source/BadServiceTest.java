package io.kubeipvs.proxy.source;

import static io.kubeipvs.proxy.source.GivenManifest.problems;
import static io.kubeipvs.proxy.source.GivenManifest.read;
import static io.kubeipvs.proxy.source.GivenManifest.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServicePort;
import io.kubeipvs.proxy.model.TrafficPolicy;
import io.kubeipvs.proxy.source.GivenManifest.Case;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Services with something wrong in them: no more is left out than must be. */
class BadServiceTest {
  /** What leaves the whole Service out. */
  static Stream<Case> servicesThatAreLeftOut() {
    return Stream.of(
        new Case(
            "clusterIP: web.example.org", "spec.clusterIP: 'web.example.org' is not an IP address"),
        new Case("clusterIP: 10.96.0.256", "spec.clusterIP: '10.96.0.256' is not an IP address"),
        new Case("clusterIP: 17", "spec.clusterIP: 17 is not a text"),
        new Case(
            "clusterIP: 127.0.0.1",
            "spec.clusterIP: 127.0.0.1 is unspecified, loopback, link-local or multicast"),
        new Case(
            "clusterIP: 0.0.0.0",
            "spec.clusterIP: 0.0.0.0 is unspecified, loopback, link-local or multicast"),
        new Case(
            "clusterIP: ''", "spec.clusterIP: is missing, and here is no API server to choose one"),
        new Case(
            "clusterIP: ~", "spec.clusterIP: is missing, and here is no API server to choose one"),
        new Case(
            "ipFamilies: [IPv6]",
            "spec.clusterIP: 10.96.0.1 is not of the family in spec.ipFamilies[0]"),
        new Case("ipFamilies: [IPv5]", "spec.ipFamilies[0]: is neither IPv4 nor IPv6"),
        new Case("ipFamilies: [IPv4, IPv4]", "spec.ipFamilies[1]: is there already"),
        new Case("clusterIPs: [10.96.0.2]", "spec.clusterIPs[0]: differs from spec.clusterIP"),
        new Case(
            "clusterIPs: [10.96.0.1, 10.96.0.2]",
            "spec.clusterIPs[1]: is of the same family as another"),
        new Case(
            "clusterIPs: [10.96.0.1, nonsense]",
            "spec.clusterIPs[1]: 'nonsense' is not an IP address"),
        new Case(
            "type: Loadbalancer",
            "spec.type: 'Loadbalancer' is none of ClusterIP, ExternalName, LoadBalancer, NodePort"));
  }

  @ParameterizedTest
  @MethodSource("servicesThatAreLeftOut")
  void aServiceIsLeftOut(Case given) {
    Manifest manifest = service("ports: [{port: 80}]", given.fields());
    assertThat(manifest.services()).isEmpty();
    assertThat(manifest.problems())
        .extracting(Problem::toString)
        .containsExactly("test.yaml: Service default/web: " + given.problem());
  }

  /** What leaves out only itself: of the ports a, b, c just b. */
  static Stream<Case> ports() {
    return Stream.of(
        new Case("{name: b, port: 70000}", "port: 70000 is not in 1..65535"),
        new Case("{name: b, port: 0}", "port: 0 is not in 1..65535"),
        new Case("{name: b, port: -1}", "port: -1 is not in 1..65535"),
        new Case("{name: b, port: '80'}", "port: '80' is not a whole number"),
        new Case("{name: b, port: 80.5}", "port: 80.5 is not a whole number"),
        new Case("{name: b, port: 99999999999999999999}", "port: 1.0E20 is not a whole number"),
        new Case("{name: b, port: 010}", "port: '010' is not a whole number"),
        new Case("{name: b}", "port: is missing"),
        new Case("{name: b, port: 82, protocol: tcp}", "protocol: 'tcp' is none of TCP, UDP, SCTP"),
        new Case("{name: b, port: 82, protocol: 6}", "protocol: 6 is not a text"),
        new Case("{name: B!, port: 82}", "name: 'B!' is not a DNS label"),
        new Case("{name: a, port: 82}", "name: 'a' is the name of two ports"),
        new Case("{port: 82}", "name: is missing, and the Service has other ports"),
        new Case("{name: b, port: 80}", "port: TCP 80 is there already"));
  }

  @ParameterizedTest
  @MethodSource("ports")
  void aPortIsLeftOutAlone(Case given) {
    Manifest manifest =
        service("ports: [{name: a, port: 80}, " + given.fields() + ", {name: c, port: 81}]");
    assertThat(manifest.services())
        .singleElement()
        .extracting(Service::ports)
        .asInstanceOf(InstanceOfAssertFactories.list(ServicePort.class))
        .extracting(ServicePort::name)
        .containsExactly("a", "c");
    assertThat(manifest.problems())
        .extracting(Problem::toString)
        .containsExactly("test.yaml: Service default/web: spec.ports[1]." + given.problem());
  }

  /** What leaves out only itself, and the Service is as if it had not been there. */
  static Stream<Case> fieldsThatAreIgnored() {
    return Stream.of(
        new Case(
            "sessionAffinity: Cookie", "spec.sessionAffinity: 'Cookie' is none of ClientIP, None"),
        new Case(
            "sessionAffinityConfig: {clientIP: {timeoutSeconds: 10}}",
            "spec.sessionAffinityConfig: needs sessionAffinity ClientIP"),
        new Case(
            "ipFamilyPolicy: Both",
            "spec.ipFamilyPolicy: 'Both' is none of PreferDualStack, RequireDualStack, SingleStack"),
        new Case(
            "trafficDistribution: Near",
            "spec.trafficDistribution: 'Near' is none of PreferClose, PreferSameNode,"
                + " PreferSameZone"),
        new Case(
            "publishNotReadyAddresses: 'yes'",
            "spec.publishNotReadyAddresses: 'yes' is neither true nor false"),
        new Case(
            "allocateLoadBalancerNodePorts: false",
            "spec.allocateLoadBalancerNodePorts: only a Service of type LoadBalancer has one"),
        new Case(
            "loadBalancerClass: example.org/lb",
            "spec.loadBalancerClass: only a Service of type LoadBalancer has one"),
        new Case("externalIPs: [nonsense]", "spec.externalIPs[0]: 'nonsense' is not an IP address"),
        new Case(
            "externalIPs: [127.0.0.1]",
            "spec.externalIPs[0]: 127.0.0.1 is unspecified, loopback, link-local or multicast"),
        new Case("externalIPs: [~]", "spec.externalIPs[0]: is missing"),
        new Case("externalIPs: 192.0.2.1", "spec.externalIPs: '192.0.2.1' is not a list"),
        new Case(
            "loadBalancerSourceRanges: []",
            "spec.loadBalancerSourceRanges: only a Service of type LoadBalancer has some"),
        new Case(
            "externalTrafficPolicy: Cluster",
            "spec.externalTrafficPolicy: the Service is not reachable from outside"),
        new Case(
            "healthCheckNodePort: 30000",
            "spec.healthCheckNodePort: needs type LoadBalancer and externalTrafficPolicy Local"),
        new Case(
            "healthCheckNodePort: 70000", "spec.healthCheckNodePort: 70000 is not in 0..65535"));
  }

  @ParameterizedTest
  @MethodSource("fieldsThatAreIgnored")
  void aFieldIsLeftOutAlone(Case given) {
    Manifest plain = service("ports: [{port: 80}]");
    Manifest manifest = service("ports: [{port: 80}]", given.fields());
    assertThat(manifest.services()).isEqualTo(plain.services()).hasSize(1);
    assertThat(manifest.problems())
        .extracting(Problem::toString)
        .containsExactly("test.yaml: Service default/web: " + given.problem());
  }

  @Test
  void onlyAClusterIpServiceIsHeadless() {
    Manifest manifest = service("ports: [{port: 80}]", "clusterIP: None", "type: NodePort");
    assertThat(manifest.services()).isEmpty();
    assertThat(problems(manifest))
        .containsExactly("spec.clusterIP: only a Service of type ClusterIP can be headless");
  }

  @Test
  void aNodePortIsLeftOutAndItsPortStays() {
    for (String nodePort : List.of("70000", "'http'", "-1")) {
      Manifest manifest =
          service("ports: [{port: 80, nodePort: " + nodePort + "}]", "type: NodePort");
      assertThat(manifest.services().get(0).ports())
          .extracting(ServicePort::nodePort)
          .containsExactly(0);
      assertThat(manifest.problems())
          .extracting(Problem::field)
          .containsExactly("spec.ports[0].nodePort");
    }
  }

  @Test
  void aClusterIpServiceHasNoNodePort() {
    Manifest manifest = service("ports: [{port: 80, nodePort: 30080}]");
    assertThat(manifest.services().get(0).ports().get(0).nodePort()).isZero();
    assertThat(problems(manifest))
        .containsExactly("spec.ports[0].nodePort: a Service of type ClusterIP has no node port");
  }

  @Test
  void oneNodePortIsNotForTwoPortsOfAProtocol() {
    Manifest manifest =
        service(
            "ports: [{name: a, port: 80, nodePort: 30080}, {name: b, port: 81, nodePort: 30080},"
                + " {name: c, port: 80, protocol: UDP, nodePort: 30080}]",
            "type: NodePort");
    assertThat(manifest.services().get(0).ports())
        .extracting(ServicePort::nodePort)
        .containsExactly(30080, 0, 30080);
    assertThat(problems(manifest))
        .containsExactly("spec.ports[1].nodePort: TCP 30080 is there already");
  }

  @Test
  void aTargetPortIsCheckedThoughNotNeeded() {
    for (String target : List.of("0", "Web", "a--b", "1.5")) {
      Manifest manifest = service("ports: [{port: 80, targetPort: " + target + "}]");
      assertThat(manifest.services().get(0).ports()).hasSize(1);
      assertThat(manifest.problems())
          .extracting(Problem::field)
          .containsExactly("spec.ports[0].targetPort");
    }
  }

  @Test
  void aServiceWithoutPortsIsReported() {
    assertThat(problems(service("ports: []"))).containsExactly("spec.ports: holds no port");
  }

  @Test
  void anAffinityTimeoutOutOfRangeIsTheDefault() {
    Manifest manifest =
        service(
            "ports: [{port: 80}]",
            "sessionAffinity: ClientIP",
            "sessionAffinityConfig: {clientIP: {timeoutSeconds: 86401}}");
    assertThat(manifest.services().get(0).affinityTimeout()).contains(Duration.ofHours(3));
    assertThat(problems(manifest))
        .containsExactly(
            "spec.sessionAffinityConfig.clientIP.timeoutSeconds: 86401 is not in 1..86400");
  }

  /** A word that should be Local must not send traffic elsewhere. */
  @Test
  void aPolicyThatCannotBeReadKeepsTrafficHere() {
    Manifest manifest =
        service(
            "ports: [{port: 80}]",
            "internalTrafficPolicy: local",
            "externalTrafficPolicy: [Local]",
            "type: NodePort");
    assertThat(manifest.services().get(0).internalPolicy()).isEqualTo(TrafficPolicy.LOCAL);
    assertThat(manifest.services().get(0).external().policy()).isEqualTo(TrafficPolicy.LOCAL);
    assertThat(problems(manifest))
        .containsExactlyInAnyOrder(
            "spec.internalTrafficPolicy: 'local' is none of Cluster, Local",
            "spec.externalTrafficPolicy: a list is not a text");
  }

  /** One that is none must not open the Service. */
  @Test
  void aBadSourceRangeRestricts() {
    for (String ranges : List.of("[10.0.0.0/33]", "[10.0.0.1]", "['']", "[~]", "10.0.0.0/8")) {
      Manifest manifest =
          service(
              "ports: [{port: 80}]", "type: LoadBalancer", "loadBalancerSourceRanges: " + ranges);
      for (AddressFamily family : AddressFamily.values()) {
        assertThat(manifest.services().get(0).external().sourceRanges().restrict(family)).isTrue();
      }
      assertThat(manifest.problems()).hasSize(1);
    }
  }

  @Test
  void aBadAddressOfALoadBalancerIsLeftOutAlone() {
    Manifest manifest =
        read(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {type: LoadBalancer, clusterIP: 10.96.0.1, ports: [{port: 80}]}
            status:
              loadBalancer:
                ingress: [{ip: lb.example.org}, {ip: 192.0.2.1, ipMode: vip}, {ip: 192.0.2.2}]
            """);
    assertThat(manifest.services().get(0).external().loadBalancerIps()).hasToString("[192.0.2.2]");
    assertThat(problems(manifest))
        .containsExactlyInAnyOrder(
            "status.loadBalancer.ingress[0].ip: 'lb.example.org' is not an IP address",
            "status.loadBalancer.ingress[1].ipMode: 'vip' is none of Proxy, VIP");
  }

  @Test
  void onlyALoadBalancerHasItsAddresses() {
    Manifest manifest =
        read(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {clusterIP: 10.96.0.1, ports: [{port: 80}]}
            status: {loadBalancer: {ingress: [{ip: 192.0.2.2}]}}
            """);
    assertThat(manifest.services().get(0).external().loadBalancerIps()).isEmpty();
    assertThat(problems(manifest))
        .containsExactly(
            "status.loadBalancer.ingress: only a Service of type LoadBalancer has some");
  }
}
