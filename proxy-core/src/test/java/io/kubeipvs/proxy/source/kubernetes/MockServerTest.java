package io.kubeipvs.proxy.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.model.ServiceName;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Against the client library's server, which keeps what it is given. It has watches over WebSockets
 * only; {@link ApiStandIn} has those this proxy asks for.
 */
class MockServerTest {
  private static final Duration SOON = Duration.ofMillis(50);
  private static final Duration NEVER = Duration.ofMinutes(10);
  private static final ApiTiming TIMING =
      new ApiTiming(NEVER, NEVER, NEVER, SOON, SOON, SOON, SOON);

  private final ClusterView seen = new ClusterView();
  private final HttpClient client = HttpClient.newHttpClient();
  private final KubernetesMockServer server =
      new KubernetesMockServer(
          new Context(),
          new MockWebServer(),
          new HashMap<>(),
          new KubernetesCrudDispatcher(),
          false);

  MockServerTest() {
    server.start();
  }

  @AfterEach
  void stop() {
    server.destroy();
  }

  private void create(String path, String object) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url(path)))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(object))
            .build();
    assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
  }

  private void createService(String name, String address, String labels) throws Exception {
    create(
        "/api/v1/namespaces/default/services",
        """
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"%s","labels":{%s}},\
        "spec":{"clusterIP":"%s","ports":[{"port":443,"protocol":"TCP"}]}}"""
            .formatted(name, labels, address));
  }

  private void createSlice(String service, String... addresses) throws Exception {
    StringBuilder endpoints = new StringBuilder();
    for (String address : addresses) {
      endpoints.append(endpoints.isEmpty() ? "" : ",");
      endpoints.append("{\"addresses\":[\"").append(address).append("\"]}");
    }
    create(
        "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
        """
        {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"%s",\
        "labels":{"kubernetes.io/service-name":"%s"}},"addressType":"IPv4",\
        "ports":[{"port":6443}],"endpoints":[%s]}"""
            .formatted(service, service, endpoints));
  }

  @Test
  void whatIsCreatedThereIsListed() throws Exception {
    createService("kubernetes", "10.96.0.1", "");
    createSlice("kubernetes", "192.0.2.1");
    createService("web", "10.96.0.10", "");
    createSlice("web", "10.244.0.1", "10.244.0.2");
    createService("headless", "None", "");
    createService(
        "another", "10.96.0.11", "\"service.kubernetes.io/service-proxy-name\":\"another\"");
    create(
        "/api/v1/nodes",
        """
        {"apiVersion":"v1","kind":"Node","metadata":{"name":"node1"},"status":{"addresses":\
        [{"type":"InternalIP","address":"192.0.2.11"}]}}""");

    ApiAccess access = () -> Credentials.anonymous(ApiAccess.server("mock", server.url("")));
    try (KubernetesSource source =
        new KubernetesSource(new HttpApiServer(access), "node1", seen, ApiMonitor.NONE, TIMING)) {
      source.start();
      seen.await("listed", () -> seen.listed);
    }
    assertThat(seen.node1().addresses()).containsExactly(IpAddress.of("192.0.2.11"));
    assertThat(seen.services.keySet())
        .extracting(ServiceName::name)
        .containsExactly("kubernetes", "web");
    assertThat(seen.endpoints("default", "web")).isEqualTo(2);
    assertThat(seen.problems).isEmpty();
  }
}
