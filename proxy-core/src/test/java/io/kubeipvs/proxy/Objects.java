package io.kubeipvs.proxy;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.model.Endpoint;
import io.kubeipvs.proxy.model.EndpointPort;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.NodeAddresses;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.model.ServicePort;
import io.kubeipvs.proxy.model.SliceName;
import io.kubeipvs.proxy.plan.PlanContext;
import io.kubeipvs.proxy.plan.PlanSettings;
import io.kubeipvs.proxy.plan.ServicePlan;
import io.kubeipvs.proxy.plan.ipvs.Planner;
import java.time.Instant;
import java.util.List;
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
