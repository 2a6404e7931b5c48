package io.kubeipvs.proxy.health;

import io.kubeipvs.proxy.event.Event;
import io.kubeipvs.proxy.event.EventSink;
import io.kubeipvs.proxy.event.ObjectReference;
import io.kubeipvs.proxy.http.HttpAnswer;
import io.kubeipvs.proxy.http.HttpHandler;
import io.kubeipvs.proxy.http.HttpServers;
import io.kubeipvs.proxy.model.ServiceName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * A server for each Service with a health-check node port, for both families, on any path. Used by
 * one thread; answers come from the server's.
 */
public final class HealthCheckPorts {
  private static final Logger LOG = LogManager.getLogger(HealthCheckPorts.class);

  private final HttpServers servers;
  private final String nodeName;
  private final Predicate<InetAddress> served;
  private final BooleanSupplier proxyHealthy;
  private final EventSink events;
  private final Map<ServiceName, Open> open = new TreeMap<>();
  private final Map<ServiceName, Integer> localEndpoints = new ConcurrentHashMap<>();

  private record Open(int port, HttpServers.Listening server) {}

  /**
   * @param served the node's addresses that clients may connect to
   * @param proxyHealthy whether the node is about to go is not considered
   */
  public HealthCheckPorts(
      HttpServers servers,
      String nodeName,
      Predicate<InetAddress> served,
      BooleanSupplier proxyHealthy,
      EventSink events) {
    this.servers = servers;
    this.nodeName = nodeName;
    this.served = served;
    this.proxyHealthy = proxyHealthy;
    this.events = events;
  }

  /** Opens and closes what it takes; what could not be opened is tried again the next time. */
  public void sync(Map<ServiceName, HealthCheck> checks) {
    checks.forEach((service, check) -> localEndpoints.put(service, check.localEndpoints()));
    localEndpoints.keySet().retainAll(checks.keySet());
    // All that goes before anything that comes: a port may pass from one Service to another.
    open.entrySet().removeIf(entry -> closeUnlessWanted(entry.getKey(), entry.getValue(), checks));
    new TreeMap<>(checks)
        .forEach(
            (service, check) -> {
              if (!open.containsKey(service)) {
                open(service, check.port());
              }
            });
  }

  private static boolean closeUnlessWanted(
      ServiceName service, Open server, Map<ServiceName, HealthCheck> checks) {
    HealthCheck wanted = checks.get(service);
    if (wanted != null && wanted.port() == server.port()) {
      return false;
    }
    server.server().close();
    return true;
  }

  private void open(ServiceName service, int port) {
    try {
      HttpServers.Listening server =
          servers.listen(
              new InetSocketAddress(port), served, question -> HttpHandler.now(answer(service)));
      open.put(service, new Open(port, server));
    } catch (IOException e) {
      String note =
          "node %s failed to start healthcheck \"%s\" on port %d: %s"
              .formatted(nodeName, service, port, e.getMessage());
      LOG.debug(note);
      events.emit(
          new Event(
              ObjectReference.service(service),
              Event.Type.Warning,
              "FailedToStartServiceHealthcheck",
              "Listen",
              note));
    }
  }

  HttpAnswer answer(ServiceName service) {
    int endpoints = localEndpoints.getOrDefault(service, 0);
    boolean healthy = proxyHealthy.getAsBoolean();
    String body =
        """
        {
        \t"service": {
        \t\t"namespace": "%s",
        \t\t"name": "%s"
        \t},
        \t"localEndpoints": %d,
        \t"serviceProxyHealthy": %s
        }"""
            .formatted(service.namespace(), service.name(), endpoints, healthy);
    int status = endpoints > 0 && healthy ? HttpAnswer.OK : HttpAnswer.UNAVAILABLE;
    return HttpAnswer.json(status, body)
        .with("X-Load-Balancing-Endpoint-Weight", String.valueOf(endpoints));
  }
}
