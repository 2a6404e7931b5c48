package io.kubeipvs.proxy.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServicePort;
import io.kubeipvs.proxy.model.TrafficPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Manifests with something wrong in them: it is named, and nothing more is left out than must be.
 */
class BadManifestTest {

  /**
   * @param fields of the spec, replacing and adding to {@code clusterIP: 10.96.0.1}
   * @param problem without file and object
   */
  record Case(String fields, String problem) {
    @Override
    public String toString() {
      return fields;
    }
  }

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

  static Stream<Case> annotations() {
    return Stream.of(
        new Case("scheduler: 'r r'", "scheduler]: 'r r' is not the name of a scheduler"),
        new Case("scheduler: 7", "scheduler]: 7 is not a text"),
        new Case(
            "scheduler-flags: sh-port",
            "scheduler-flags]: needs the annotation kube-ipvs.io/scheduler"),
        new Case(
            "drain-timeout: soon", "drain-timeout]: 'soon' is not a duration like 30s or 1h30m"),
        new Case("drain-timeout: -5s", "drain-timeout]: '-5s' is not a duration like 30s or 1h30m"),
        new Case(
            "drain-timeout: " + "9".repeat(50) + "s",
            "drain-timeout]: '" + "9".repeat(50) + "s' is not a duration like 30s or 1h30m"),
        new Case("zone-weights: a=0", "zone-weights]: 'a=0' is no weight of 1..65535"),
        new Case("zone-weights: a", "zone-weights]: 'a=' is no weight of 1..65535"),
        new Case("zone-weights: a=65536", "zone-weights]: 'a=65536' is no weight of 1..65535"),
        new Case("endpoint-weights: web=3", "endpoint-weights]: 'web=3' is no weight of 1..65535"),
        new Case("slow-start: -3s", "slow-start]: '-3s' is not a duration like 30s or 1h30m"),
        new Case("shceduler: lc", "shceduler]: is no setting of this proxy"));
  }

  @ParameterizedTest
  @MethodSource("annotations")
  void aBadSettingCountsAsNone(Case given) {
    Manifest manifest = annotated(given.fields());
    assertThat(manifest.services()).isEqualTo(service("ports: [{port: 80}]").services());
    assertThat(problems(manifest))
        .containsExactly("metadata.annotations[kube-ipvs.io/" + given.problem());
  }

  @Test
  void badFlagsLeaveTheScheduler() {
    Manifest manifest = annotated("scheduler: sh, kube-ipvs.io/scheduler-flags: mh-port");
    assertThat(manifest.services().get(0).settings().scheduler().orElseThrow().scheduler())
        .hasToString("sh");
    assertThat(problems(manifest))
        .containsExactly(
            "metadata.annotations[kube-ipvs.io/scheduler-flags]: 'mh-port' is not a flag of"
                + " scheduler sh");
  }

  @Test
  void slowStartNeedsWeightsThatShare() {
    Manifest manifest = annotated("scheduler: sh, kube-ipvs.io/slow-start: 30s");
    assertThat(manifest.services().get(0).settings().slowStart()).isEmpty();
    assertThat(problems(manifest))
        .containsExactly(
            "metadata.annotations[kube-ipvs.io/slow-start]: needs a scheduler that shares by"
                + " weight, such as wrr");
    for (String good : List.of("scheduler: wlc, kube-ipvs.io/slow-start: 30s", "slow-start: 30s")) {
      assertThat(problems(annotated(good))).as(good).isEmpty();
    }
  }

  static Stream<Case> slices() {
    return Stream.of(
        new Case("addressType: IPv5", "addressType: 'IPv5' is none of IPv4, IPv6, FQDN"),
        new Case("addressType: ~", "addressType: is missing"),
        new Case(
            "metadata: {name: web-1, labels: {kubernetes.io/service-name: 'a/b'}}",
            "metadata.labels[kubernetes.io/service-name]: 'a/b' is not a DNS label"),
        new Case(
            "metadata: {name: web-1}", "metadata.labels[kubernetes.io/service-name]: is missing"));
  }

  @ParameterizedTest
  @MethodSource("slices")
  void aSliceIsLeftOut(Case given) {
    Manifest manifest = slice(given.fields());
    assertThat(manifest.slices()).isEmpty();
    assertThat(manifest.problems())
        .extracting(Problem::toString)
        .containsExactly("test.yaml: EndpointSlice default/web-1: " + given.problem());
  }

  static Stream<Case> endpoints() {
    return Stream.of(
        new Case(
            "{addresses: [web.example.org]}",
            "addresses[0]: 'web.example.org' is not an IP address"),
        new Case(
            "{addresses: ['fd00::1']}", "addresses[0]: fd00::1 is not of the slice's addressType"),
        new Case(
            "{addresses: [127.0.0.1]}",
            "addresses[0]: 127.0.0.1 is unspecified, loopback, link-local or multicast"),
        new Case("{addresses: []}", "addresses: holds no address"),
        new Case("{addresses: [~]}", "addresses[0]: is missing"),
        new Case("{}", "addresses: holds no address"));
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void anEndpointIsLeftOutAlone(Case given) {
    Manifest manifest =
        slice(
            "endpoints: [{addresses: [10.1.0.1]}, "
                + given.fields()
                + ", {addresses: [10.1.0.2]}]");
    assertThat(manifest.slices())
        .singleElement()
        .extracting(EndpointSlice::endpoints)
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .hasSize(2);
    assertThat(problems(manifest)).containsExactly("endpoints[1]." + given.problem());
  }

  @Test
  void addressesThatDoNotCountAreCheckedToo() {
    Manifest manifest = slice("endpoints: [{addresses: [10.1.0.1, nonsense]}]");
    assertThat(manifest.slices().get(0).endpoints()).hasSize(1);
    assertThat(problems(manifest))
        .containsExactly("endpoints[0].addresses[1]: 'nonsense' is not an IP address");
  }

  @Test
  void aBadPortOfASliceIsLeftOutAlone() {
    Manifest manifest = slice("ports: [{name: a, port: 80}, {name: b, port: 0}, {name: c}]");
    assertThat(manifest.slices().get(0).ports()).hasSize(1);
    assertThat(problems(manifest))
        .containsExactly("ports[1].port: 0 is not in 1..65535", "ports[2].port: is missing");
  }

  @Test
  void aConditionThatIsNoneCountsAsAbsent() {
    Manifest manifest =
        slice("endpoints: [{addresses: [10.1.0.1], conditions: {ready: 'false'}, hints: 7}]");
    assertThat(manifest.slices().get(0).endpoints().get(0).ready()).isTrue();
    assertThat(problems(manifest))
        .containsExactlyInAnyOrder(
            "endpoints[0].conditions.ready: 'false' is neither true nor false",
            "endpoints[0].hints: 7 is not an object");
  }

  @Test
  void anObjectWithoutAUsableNameIsLeftOut() {
    for (String name : List.of("", "name: Web", "name: 7", "name: a.b", "name: a, namespace: B")) {
      Manifest manifest =
          read("{apiVersion: v1, kind: Service, metadata: {" + name + "}, spec: {}}");
      assertThat(manifest.services()).isEmpty();
      assertThat(manifest.problems())
          .singleElement()
          .satisfies(problem -> assertThat(problem.object()).isEqualTo("Service"));
    }
  }

  @Test
  void aKindWeDoNotReadIsReportedOnce() {
    Manifest manifest =
        read(
            """
            {apiVersion: v1, kind: Pod, metadata: {name: a}}
            ---
            {apiVersion: v1, kind: Pod, metadata: {name: b}}
            ---
            {apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: List, items: []}]}
            """);
    assertThat(manifest.problems())
        .extracting(Problem::toString)
        .containsExactly(
            "test.yaml: objects of kind v1 Pod are not read",
            "test.yaml: objects of kind v1 List are not read");
  }

  @Test
  void aDocumentThatIsNoObjectIsReported() {
    assertThat(read("just words").problems())
        .extracting(Problem::toString)
        .contains("test.yaml: 'just words' is not an object");
  }

  @Test
  void aFileThatIsNotYamlGivesNothingAndSaysWhere() {
    Manifest manifest = read("apiVersion: v1\nkind: [Service\nmetadata: {name: a}\n");
    assertThat(manifest.readable()).isFalse();
    assertThat(manifest.problems())
        .singleElement()
        .satisfies(
            problem -> assertThat(problem.message()).startsWith("not YAML: line 3, column "));
  }

  static Stream<Case> unreadable() {
    String deep = "[".repeat(60) + "]".repeat(60);
    String laughs = "a: &a 1\nb: [" + "*a, ".repeat(101) + "1]";
    return Stream.of(
        new Case("a: 1\na: 2", "line 2, column 1: duplicate key a"),
        new Case("a: &x {b: 1}\nc: {<<: *x}", "a merge key (<<), which YAML 1.2 does not have"),
        new Case("a: *b", "undefined alias b"),
        new Case("a: &a [*a]", "undefined alias a"),
        new Case("a: !!int '1'", "the tag tag:yaml.org,2002:int"),
        new Case("{[a]: 1}", "a key that is not a text"),
        new Case(deep, "nested deeper than 50"),
        new Case(laughs, "more than 100 aliases"));
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void tricksAreRefused(Case given) {
    Manifest manifest = read(given.fields());
    assertThat(manifest.readable()).isFalse();
    assertThat(manifest.problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains(given.problem()));
  }

  @Test
  void bytesThatAreNoTextAreRefused() {
    byte[] bytes = {'a', ':', ' ', (byte) 0xff};
    assertThat(ManifestReader.read("test.yaml", bytes).problems())
        .extracting(Problem::toString)
        .containsExactly("test.yaml: not YAML: not UTF-8");
  }

  /** They end up in logs and on terminals. */
  @Test
  void whatIsShownIsShortAndPrintable() {
    Manifest manifest =
        service("ports: [{port: 80}]", "type: \"\\e[31m\\n" + "x".repeat(100) + "\"");
    assertThat(manifest.problems())
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem.message()).startsWith("'?[31m?xxx").contains("...' is none of"));
  }

  private static Manifest service(String... fields) {
    StringBuilder text = new StringBuilder("apiVersion: v1\nkind: Service\n");
    text.append("metadata: {name: web}\nspec:\n");
    if (Stream.of(fields).noneMatch(field -> field.startsWith("clusterIP:"))) {
      text.append("  clusterIP: 10.96.0.1\n");
    }
    Stream.of(fields).forEach(field -> text.append("  ").append(field).append('\n'));
    return read(text.toString());
  }

  private static Manifest annotated(String annotation) {
    return read(
        "{apiVersion: v1, kind: Service, metadata: {name: web, annotations: {kube-ipvs.io/"
            + annotation
            + "}}, spec: {clusterIP: 10.96.0.1, ports: [{port: 80}]}}");
  }

  private static Manifest slice(String field) {
    StringBuilder text =
        new StringBuilder("apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\n");
    if (!field.startsWith("metadata:")) {
      text.append("metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}\n");
    }
    if (!field.startsWith("addressType:")) {
      text.append("addressType: IPv4\n");
    }
    return read(text.append(field).append('\n').toString());
  }

  private static Manifest read(String text) {
    return ManifestReader.read("test.yaml", text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> problems(Manifest manifest) {
    return manifest.problems().stream().map(each -> each.field() + ": " + each.message()).toList();
  }
}
