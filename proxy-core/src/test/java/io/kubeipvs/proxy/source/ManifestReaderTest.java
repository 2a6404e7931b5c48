package io.kubeipvs.proxy.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.model.Endpoint;
import io.kubeipvs.proxy.model.EndpointPort;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.ExternalAccess;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.model.ServicePort;
import io.kubeipvs.proxy.model.ServiceSettings;
import io.kubeipvs.proxy.model.ServiceType;
import io.kubeipvs.proxy.model.SliceName;
import io.kubeipvs.proxy.model.SourceRanges;
import io.kubeipvs.proxy.model.TrafficPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Manifests with nothing wrong in them. */
class ManifestReaderTest {

  @Test
  void everyFieldOfAServiceArrives() {
    Manifest manifest =
        read(
            """
            apiVersion: v1
            kind: Service
            metadata:
              name: web
              namespace: shop
              uid: 0b4a
              resourceVersion: "17"
              creationTimestamp: 2026-01-31T12:00:00Z
            spec:
              type: LoadBalancer
              clusterIP: 10.96.0.10
              clusterIPs: [10.96.0.10, "fd00:10:96::10"]
              ipFamilies: [IPv4, IPv6]
              sessionAffinity: ClientIP
              internalTrafficPolicy: Local
              externalTrafficPolicy: Local
              healthCheckNodePort: 31999
              externalIPs: [192.0.2.20]
              loadBalancerSourceRanges: [" 198.51.100.7/24 "]
              ports:
              - {name: http, port: 80, nodePort: 30080, targetPort: web}
              - {name: dns, port: 53, protocol: UDP}
            status:
              loadBalancer:
                ingress:
                - {ip: 192.0.2.10}
                - {ip: 192.0.2.11, ipMode: Proxy}
                - {hostname: lb.example.org}
            """);
    assertThat(manifest.problems()).isEmpty();
    assertThat(manifest.services())
        .containsExactly(
            new Service(
                new ServiceName("shop", "web"),
                "0b4a",
                "17",
                Instant.parse("2026-01-31T12:00:00Z"),
                ServiceType.LOAD_BALANCER,
                List.of(IpAddress.of("10.96.0.10"), IpAddress.of("fd00:10:96::10")),
                List.of(
                    new ServicePort("dns", Protocol.UDP, 53, 0),
                    new ServicePort("http", Protocol.TCP, 80, 30080)),
                Optional.of(Duration.ofHours(3)),
                TrafficPolicy.LOCAL,
                new ExternalAccess(
                    TrafficPolicy.LOCAL,
                    List.of(IpAddress.of("192.0.2.20")),
                    List.of(IpAddress.of("192.0.2.10")),
                    SourceRanges.of(List.of(IpPrefix.of("198.51.100.0/24"))),
                    31999),
                ServiceSettings.NONE));
  }

  @Test
  void everyFieldOfASliceArrives() {
    Manifest manifest =
        read(
            """
            {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
             "metadata": {"name": "web-abc", "labels": {"kubernetes.io/service-name": "web"}},
             "addressType": "IPv4",
             "ports": [{"name": "http", "port": 8080}],
             "endpoints": [
               {"addresses": ["10.1.0.2", "10.1.0.3"], "nodeName": "node1", "zone": "a",
                "conditions": {"ready": false, "serving": true, "terminating": true},
                "hints": {"forZones": [{"name": "b"}], "forNodes": [{"name": "node2"}]}},
               {"addresses": ["10.1.0.1"], "conditions": {"ready": null}}]}
            """);
    assertThat(manifest.problems()).isEmpty();
    assertThat(manifest.slices())
        .containsExactly(
            new EndpointSlice(
                new SliceName("default", "web-abc"),
                new ServiceName("default", "web"),
                AddressFamily.IPV4,
                List.of(new EndpointPort("http", Protocol.TCP, 8080)),
                List.of(
                    Endpoint.of(IpAddress.of("10.1.0.1"), ""),
                    new Endpoint(
                        IpAddress.of("10.1.0.2"),
                        false,
                        true,
                        true,
                        "node1",
                        "a",
                        List.of("b"),
                        List.of("node2")))));
  }

  @Test
  void aNodesFirstInternalAddressesAreItsPrimaryOnes() {
    Manifest manifest =
        read(
            """
            apiVersion: v1
            kind: Node
            metadata: {name: node1.example.org, labels: {topology.kubernetes.io/zone: a}}
            spec: {podCIDR: 10.244.0.0/24, podCIDRs: [10.244.0.0/24, "fd00:1::/64"]}
            status:
              addresses:
              - {type: ExternalIP, address: 192.0.2.1}
              - {type: InternalIP, address: "fd00::1"}
              - {type: InternalIP, address: 10.0.0.1}
              - {type: Hostname, address: node1}
            """);
    assertThat(manifest.problems()).isEmpty();
    assertThat(manifest.nodes())
        .containsExactly(
            new NodeInfo(
                "node1.example.org",
                List.of(IpAddress.of("fd00::1"), IpAddress.of("10.0.0.1")),
                "a",
                List.of(IpPrefix.of("10.244.0.0/24"), IpPrefix.of("fd00:1::/64"))));
  }

  @Test
  void nodeThatIsAboutToGoIsNotEligible() {
    Manifest manifest =
        read(
            """
            apiVersion: v1
            kind: Node
            metadata: {name: tainted}
            spec: {taints: [{key: ToBeDeletedByClusterAutoscaler, effect: NoSchedule}]}
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: deleted, deletionTimestamp: "2026-01-01T00:00:00Z"}
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: busy}
            spec: {taints: [{key: other, effect: NoSchedule}]}
            """);
    assertThat(manifest.nodes().stream().filter(NodeInfo::eligible).map(NodeInfo::name))
        .containsExactly("busy");
    assertThat(manifest.nodes()).hasSize(3);
  }

  @Test
  void sliceTellsWhenItsChangeBegan() {
    Manifest manifest =
        read(
            """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata:
              name: web-1
              labels: {kubernetes.io/service-name: web}
              annotations: {endpoints.kubernetes.io/last-change-trigger-time: "2026-01-01T00:00:00.5Z"}
            addressType: IPv4
            ports: []
            endpoints: []
            """);
    assertThat(manifest.slices())
        .extracting(EndpointSlice::triggered)
        .containsExactly(Instant.parse("2026-01-01T00:00:00.5Z"));
  }

  @Test
  void listsAreTakenApart() {
    Manifest manifest =
        read(
            """
            apiVersion: v1
            kind: List
            items:
            - {apiVersion: v1, kind: Service, metadata: {name: a},
               spec: {clusterIP: 10.96.0.1, ports: [{port: 80}]}}
            - {apiVersion: v1, kind: Node, metadata: {name: node1}}
            ---
            apiVersion: v1
            kind: ServiceList
            items:
            - {metadata: {name: b}, spec: {clusterIP: 10.96.0.2, ports: [{port: 80}]}}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSliceList
            items:
            - {metadata: {name: a-1, labels: {kubernetes.io/service-name: a}}, addressType: IPv4}
            ---
            ---
            # nothing in this one
            """);
    assertThat(manifest.problems()).isEmpty();
    assertThat(manifest.services())
        .extracting(each -> each.name().name())
        .containsExactly("a", "b");
    assertThat(manifest.slices()).extracting(each -> each.name().name()).containsExactly("a-1");
    assertThat(manifest.nodes()).extracting(NodeInfo::name).containsExactly("node1");
  }

  @Test
  void whatIsNothingForAProxyIsLeftOutInSilence() {
    Manifest manifest =
        read(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: headless}
            spec: {clusterIP: None, ports: [{port: 80}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: named}
            spec: {type: ExternalName, externalName: example.org, clusterIP: 10.96.0.9}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: labelled, labels: {service.kubernetes.io/headless: ""}}
            spec: {clusterIP: 10.96.0.8, ports: [{port: 80}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: others, labels: {service.kubernetes.io/service-proxy-name: mine}}
            spec: {clusterIP: 10.96.0.7, ports: [{port: 80}]}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: names, labels: {kubernetes.io/service-name: web}}
            addressType: FQDN
            endpoints: [{addresses: [example.org]}]
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: others, labels: {service.kubernetes.io/service-proxy-name: mine}}
            addressType: IPv4
            """);
    assertThat(manifest)
        .isEqualTo(new Manifest("test.yaml", true, List.of(), List.of(), List.of(), List.of()));
  }

  @Test
  void anchorsAreUnderstood() {
    Manifest manifest =
        read(
            """
            apiVersion: v1
            kind: List
            items:
            - {apiVersion: v1, kind: Service, metadata: {name: a},
               spec: {clusterIP: 10.96.0.1, ports: &ports [{port: 80}]}}
            - {apiVersion: v1, kind: Service, metadata: {name: b},
               spec: {clusterIP: 10.96.0.2, ports: *ports}}
            """);
    assertThat(manifest.problems()).isEmpty();
    assertThat(manifest.services().get(1).ports())
        .isEqualTo(manifest.services().get(0).ports())
        .hasSize(1);
  }

  private static Manifest read(String text) {
    return ManifestReader.read("test.yaml", text.getBytes(StandardCharsets.UTF_8));
  }
}
