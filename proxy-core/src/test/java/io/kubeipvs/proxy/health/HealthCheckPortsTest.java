package io.kubeipvs.proxy.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.Objects;
import io.kubeipvs.proxy.Reports;
import io.kubeipvs.proxy.event.Event;
import io.kubeipvs.proxy.http.HttpLimits;
import io.kubeipvs.proxy.http.HttpServers;
import io.kubeipvs.proxy.model.Endpoint;
import io.kubeipvs.proxy.model.EndpointPort;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.ExternalAccess;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.model.ServicePort;
import io.kubeipvs.proxy.model.ServiceSettings;
import io.kubeipvs.proxy.model.ServiceType;
import io.kubeipvs.proxy.model.SliceName;
import io.kubeipvs.proxy.model.SourceRanges;
import io.kubeipvs.proxy.model.TrafficPolicy;
import io.kubeipvs.proxy.plan.ServicePlan;
import io.kubeipvs.proxy.state.ChangeTracker;
import io.kubeipvs.proxy.sync.SyncStatus;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthCheckPortsTest {
  private static final ServiceName WEB = Objects.name("web");
  private static final ServiceName API = Objects.name("api");

  private final HttpServers servers = HttpServers.start(HttpLimits.DEFAULT);
  private final List<Event> events = new ArrayList<>();
  private boolean proxyHealthy = true;
  private final HealthCheckPorts ports =
      new HealthCheckPorts(servers, "node1", address -> true, () -> proxyHealthy, events::add);

  @AfterEach
  void close() {
    servers.close();
  }

  @Test
  void answerIsKubeProxys() throws Exception {
    int port = freePort();
    ports.sync(Map.of(WEB, new HealthCheck(port, 2)));

    for (String host : List.of("127.0.0.1", "[::1]")) {
      HttpResponse<String> answer = get("http://" + host + ":" + port + "/any/path");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body())
          .isEqualTo(
              "{\n\t\"service\": {\n\t\t\"namespace\": \"default\",\n\t\t\"name\": \"web\"\n\t},\n"
                  + "\t\"localEndpoints\": 2,\n\t\"serviceProxyHealthy\": true\n}");
      assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
      assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(answer.headers().firstValue("X-Load-Balancing-Endpoint-Weight")).contains("2");
    }
  }

  @Test
  void withoutEndpointsOrHealthItIsUnavailable() throws Exception {
    int port = freePort();
    ports.sync(Map.of(WEB, new HealthCheck(port, 0)));
    HttpResponse<String> answer = get("http://127.0.0.1:" + port);
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("X-Load-Balancing-Endpoint-Weight")).contains("0");

    ports.sync(Map.of(WEB, new HealthCheck(port, 1)));
    assertThat(get("http://127.0.0.1:" + port).statusCode()).isEqualTo(200);

    proxyHealthy = false;
    assertThat(get("http://127.0.0.1:" + port).body())
        .contains("\"localEndpoints\": 1,\n\t\"serviceProxyHealthy\": false");
  }

  @Test
  void portPassesFromOneServiceToAnother() throws Exception {
    int port = freePort();
    ports.sync(Map.of(WEB, new HealthCheck(port, 1)));
    ports.sync(Map.of(API, new HealthCheck(port, 1)));

    assertThat(get("http://127.0.0.1:" + port).body()).contains("\"name\": \"api\"");
    assertThat(events).isEmpty();

    ports.sync(Map.of());
    new ServerSocket(port).close();
  }

  @Test
  void takenPortIsAnEventAndTriedAgain() throws Exception {
    int port;
    try (ServerSocket taken = new ServerSocket(0)) {
      port = taken.getLocalPort();
      ports.sync(Map.of(WEB, new HealthCheck(port, 1)));
    }
    Event event = events.get(0);
    assertThat(event.about().toString()).isEqualTo("Service default/web");
    assertThat(event.reason()).isEqualTo("FailedToStartServiceHealthcheck");
    assertThat(event.note())
        .startsWith("node node1 failed to start healthcheck \"default/web\" on port ");

    ports.sync(Map.of(WEB, new HealthCheck(port, 1)));
    assertThat(get("http://127.0.0.1:" + port).statusCode()).isEqualTo(200);
  }

  @Test
  void localReadyEndpointsCountOnceEach() {
    Service web = local(31_000, "10.96.0.10");
    EndpointSlice slice =
        new EndpointSlice(
            new SliceName("default", "web-1"),
            WEB,
            AddressFamily.IPV4,
            List.of(
                new EndpointPort("http", Protocol.TCP, 8080),
                new EndpointPort("https", Protocol.TCP, 8443)),
            List.of(
                Endpoint.of(IpAddress.of("10.1.0.1"), "node1"),
                Endpoint.of(IpAddress.of("10.1.0.2"), "node2"),
                new Endpoint(
                    IpAddress.of("10.1.0.3"), false, true, true, "node1", "", List.of(), List.of()),
                Endpoint.of(IpAddress.of("10.1.0.4"), "node1")));

    assertThat(HealthCheck.of(web, List.of(slice), "node1")).contains(new HealthCheck(31_000, 2));
    assertThat(HealthCheck.of(local(0, "10.96.0.10"), List.of(slice), "node1")).isEmpty();
  }

  @Test
  void podOfBothFamiliesIsOneEndpoint() {
    Service web = local(31_000, "10.96.0.10", "fd00:96::10");
    List<EndpointSlice> slices =
        List.of(
            Objects.slice("web", Protocol.TCP),
            slice(AddressFamily.IPV4, "10.1.0.1"),
            slice(AddressFamily.IPV6, "fd00:1::1"));

    assertThat(HealthCheck.of(web, slices, "node1")).contains(new HealthCheck(31_000, 1));
  }

  @Test
  void checksAreToldWhenTheKernelKnows() {
    List<Map<ServiceName, HealthCheck>> told = new ArrayList<>();
    HealthChecks checks = new HealthChecks("node1", told::add);
    checks.planned(
        local(31_000, "10.96.0.10"),
        List.of(slice(AddressFamily.IPV4, "10.1.0.1")),
        ServicePlan.nothing(WEB));
    assertThat(told).isEmpty();

    checks.synced(Reports.NOTHING, SyncStatus.NEVER, ChangeTracker.Applied.NOTHING);
    assertThat(told).containsExactly(Map.of(WEB, new HealthCheck(31_000, 1)));

    checks.gone(WEB);
    checks.synced(Reports.NOTHING, SyncStatus.NEVER, ChangeTracker.Applied.NOTHING);
    assertThat(told.get(1)).isEmpty();
  }

  private static EndpointSlice slice(AddressFamily family, String address) {
    return new EndpointSlice(
        new SliceName("default", "web-" + family),
        WEB,
        family,
        List.of(new EndpointPort("http", Protocol.TCP, 8080)),
        List.of(Endpoint.of(IpAddress.of(address), "node1")));
  }

  private static Service local(int healthCheckNodePort, String... clusterIps) {
    return new Service(
        WEB,
        "",
        "",
        Objects.OLD,
        ServiceType.LOAD_BALANCER,
        List.of(clusterIps).stream().map(IpAddress::of).toList(),
        List.of(
            new ServicePort("http", Protocol.TCP, 80, 0),
            new ServicePort("https", Protocol.TCP, 443, 0)),
        Optional.empty(),
        TrafficPolicy.CLUSTER,
        new ExternalAccess(
            TrafficPolicy.LOCAL, List.of(), List.of(), SourceRanges.NONE, healthCheckNodePort),
        ServiceSettings.NONE);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static HttpResponse<String> get(String url) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }
}
