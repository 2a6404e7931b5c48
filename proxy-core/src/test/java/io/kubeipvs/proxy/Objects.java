package io.kubeipvs.proxy;

import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.model.Endpoint;
import io.kubeipvs.proxy.model.EndpointPort;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.NodeAddresses;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.SchedulerChoice;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.model.ServicePort;
import io.kubeipvs.proxy.model.ServiceSettings;
import io.kubeipvs.proxy.model.SliceName;
import io.kubeipvs.proxy.model.TrafficPolicy;
import io.kubeipvs.proxy.plan.PlanContext;
import io.kubeipvs.proxy.plan.PlanSettings;
import io.kubeipvs.proxy.plan.ServicePlan;
import io.kubeipvs.proxy.plan.ipvs.Planner;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Small Services and slices for tests. */
public final class Objects {
  public static final Instant OLD = Instant.parse("2026-01-01T00:00:00Z");
  public static final Instant NEW = Instant.parse("2026-02-01T00:00:00Z");
  public static final PlanContext CONTEXT =
      new PlanContext(NodeInfo.named("node1"), NodeAddresses.NONE, PlanSettings.DEFAULT);

  private Objects() {}

  public static ServiceName name(String name) {
    return new ServiceName("default", name);
  }

  /** A Service with one port, 80, of that protocol. */
  public static Service service(String name, Instant created, Protocol protocol, String clusterIp) {
    return Service.of(
        name(name),
        created,
        List.of(IpAddress.of(clusterIp)),
        List.of(new ServicePort("", protocol, 80, 0)));
  }

  /** The same Service, which asks for these settings. */
  public static Service with(Service service, ServiceSettings settings) {
    return changed(service, service.internalPolicy(), settings);
  }

  /** The same Service, which pods reach on their own node or not at all. */
  public static Service localOnly(Service service) {
    return changed(service, TrafficPolicy.LOCAL, service.settings());
  }

  private static Service changed(
      Service service, TrafficPolicy internalPolicy, ServiceSettings settings) {
    return new Service(
        service.name(),
        service.uid(),
        service.resourceVersion(),
        service.created(),
        service.type(),
        service.clusterIps(),
        service.ports(),
        service.affinityTimeout(),
        internalPolicy,
        service.external(),
        settings);
  }

  /** A scheduler and times, and no weights. */
  public static ServiceSettings settings(
      Optional<String> scheduler, Optional<Duration> drainTimeout, Optional<Duration> slowStart) {
    return new ServiceSettings(
        scheduler.map(name -> SchedulerChoice.of(new Scheduler(name))),
        drainTimeout,
        Collections.emptySortedMap(),
        Collections.emptySortedMap(),
        slowStart);
  }

  /** The Service's only slice, port 8080, ready endpoints on another node. */
  public static EndpointSlice slice(String service, Protocol protocol, String... addresses) {
    AddressFamily family =
        Stream.of(addresses)
            .map(address -> IpAddress.of(address).family())
            .findFirst()
            .orElse(AddressFamily.IPV4);
    return new EndpointSlice(
        new SliceName("default", service + "-1"),
        name(service),
        family,
        List.of(new EndpointPort("", protocol, 8080)),
        Stream.of(addresses).map(a -> Endpoint.of(IpAddress.of(a), "node2")).toList());
  }

  public static ServicePlan plan(Service service, EndpointSlice... slices) {
    return Planner.plan(service, List.of(slices), CONTEXT);
  }
}
