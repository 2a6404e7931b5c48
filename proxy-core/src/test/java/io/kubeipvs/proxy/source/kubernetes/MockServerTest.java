package io.kubeipvs.proxy.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.model.ServiceName;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Objects as the client library writes them, kept by its server. */
class MockServerTest {
  private static final Duration SOON = Duration.ofMillis(50);
  private static final Duration NEVER = Duration.ofMinutes(10);
  private static final ApiTiming TIMING =
      new ApiTiming(NEVER, NEVER, NEVER, SOON, SOON, SOON, SOON);

  private final ClusterView seen = new ClusterView();

  private static Service service(String name, String address) {
    return new ServiceBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("default")
        .endMetadata()
        .withNewSpec()
        .withClusterIP(address)
        .addNewPort()
        .withPort(443)
        .withProtocol("TCP")
        .endPort()
        .endSpec()
        .build();
  }

  private static EndpointSlice slice(String service, String... addresses) {
    EndpointSliceBuilder slice =
        new EndpointSliceBuilder()
            .withNewMetadata()
            .withName(service)
            .withNamespace("default")
            .addToLabels("kubernetes.io/service-name", service)
            .endMetadata()
            .withAddressType("IPv4")
            .addNewPort()
            .withPort(6443)
            .withProtocol("TCP")
            .endPort();
    for (String address : addresses) {
      slice.addNewEndpoint().withAddresses(address).withNodeName("node1").endEndpoint();
    }
    return slice.build();
  }

  private static Node node() {
    return new NodeBuilder()
        .withNewMetadata()
        .withName("node1")
        .addToLabels("topology.kubernetes.io/zone", "a")
        .endMetadata()
        .withNewStatus()
        .addNewAddress("192.0.2.11", "InternalIP")
        .endStatus()
        .build();
  }

  /** That server has watches over WebSockets only; {@link ApiStandIn} has the others. */
  @Test
  void whatIsCreatedThereIsListed() throws Exception {
    KubernetesMockServer server = CrudServer.start();
    try (KubernetesClient client = server.createClient()) {
      client.resource(service("kubernetes", "10.96.0.1")).create();
      client.resource(slice("kubernetes", "192.0.2.1")).create();
      client.resource(node()).create();
      client.resource(service("web", "10.96.0.10")).create();
      client.resource(slice("web", "10.244.0.1", "10.244.0.2")).create();
      client.resource(service("headless", "None")).create();
      client.resource(leftToAnotherProxy()).create();
      URI uri = URI.create(server.url(""));
      ApiAccess access = () -> Credentials.anonymous(ApiAccess.server("mock", uri.toString()));
      try (KubernetesSource source =
          new KubernetesSource(new HttpApiServer(access), "node1", seen, ApiMonitor.NONE, TIMING)) {
        source.start();
        seen.await("listed", () -> seen.listed);
      }
    } finally {
      server.destroy();
    }
    assertThat(seen.node1().addresses()).containsExactly(IpAddress.of("192.0.2.11"));
    assertThat(seen.services.keySet())
        .extracting(ServiceName::name)
        .containsExactly("kubernetes", "web");
    assertThat(seen.endpoints("default", "web")).isEqualTo(2);
    assertThat(seen.problems).isEmpty();
  }

  private static Service leftToAnotherProxy() {
    return service("another", "10.96.0.11")
        .edit()
        .editMetadata()
        .addToLabels("service.kubernetes.io/service-proxy-name", "another")
        .endMetadata()
        .build();
  }
}
