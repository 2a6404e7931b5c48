package io.kubeipvs.proxy.sync;

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
import io.kubeipvs.proxy.state.ChangeTracker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * A small cluster that changes at random, out of pools so small that Services want the same
 * addresses, ports and node ports all the time. The same seed gives the same life.
 */
public final class RandomWorld {
  private static final int NAMES = 7;
  private static final List<Protocol> PROTOCOLS =
      List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP);
  private static final List<String> RANGES =
      List.of(
          "0.0.0.0/0", "198.51.100.0/24", "198.51.100.7/32", "10.0.2.0/24", "::/0", "fd00:5::/64");

  private final Random random;
  private final Map<ServiceName, Service> services = new TreeMap<>();
  private final Map<SliceName, EndpointSlice> slices = new TreeMap<>();
  private NodeInfo node = NodeInfo.named("node1");

  public RandomWorld(long seed) {
    this.random = new Random(seed);
  }

  /** Changes something and tells it; what it was, for a failure's message. */
  public String change(ChangeTracker tracker) {
    switch (random.nextInt(10)) {
      case 0 -> {
        ServiceName name = name();
        services.remove(name);
        tracker.serviceDeleted(name);
        return "delete service " + name;
      }
      case 1, 2, 3 -> {
        Service service = service(name());
        services.put(service.name(), service);
        tracker.service(service);
        return "put " + service;
      }
      case 4 -> {
        SliceName name = new SliceName("default", name().name() + "-" + random.nextInt(3));
        slices.remove(name);
        tracker.sliceDeleted(name);
        return "delete slice " + name;
      }
      case 5 -> {
        node = node();
        tracker.node(node);
        return "put " + node;
      }
      default -> {
        EndpointSlice slice = slice();
        slices.put(slice.name(), slice);
        tracker.slice(slice);
        return "put " + slice;
      }
    }
  }

  /** Tells all there is to somebody who knows nothing. */
  public void tell(ChangeTracker tracker) {
    services.values().forEach(tracker::service);
    slices.values().forEach(tracker::slice);
    tracker.node(node);
    tracker.listed();
  }

  private ServiceName name() {
    return new ServiceName("default", "s" + random.nextInt(NAMES));
  }

  private boolean once(int in) {
    return random.nextInt(in) == 0;
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private Service service(ServiceName name) {
    List<IpAddress> clusterIps = new ArrayList<>();
    if (!once(4)) {
      clusterIps.add(IpAddress.of("10.96.0." + (1 + random.nextInt(NAMES))));
    }
    if (clusterIps.isEmpty() || once(2)) {
      clusterIps.add(IpAddress.of("fd00:96::" + (1 + random.nextInt(NAMES))));
    }
    List<ServicePort> ports = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      int nodePort = once(2) ? 30000 + random.nextInt(4) : 0;
      ports.add(new ServicePort("p" + i, one(PROTOCOLS), 80 + random.nextInt(3), nodePort));
    }
    Instant created = Instant.EPOCH.plusSeconds(random.nextInt(3));
    return new Service(
        name,
        "",
        "",
        created,
        one(List.of(ServiceType.values())),
        clusterIps,
        ports,
        once(4) ? Optional.of(Duration.ofSeconds(1 + random.nextInt(99))) : Optional.empty(),
        one(List.of(TrafficPolicy.values())),
        external(),
        ServiceSettings.NONE);
  }

  private ExternalAccess external() {
    List<IpAddress> ips = new ArrayList<>();
    List<IpAddress> balancers = new ArrayList<>();
    if (once(3)) {
      ips.add(IpAddress.of("192.0.2." + random.nextInt(4)));
    }
    if (once(6)) {
      // The node's own address: it must not become a VIP.
      ips.add(IpAddress.of("10.0.2.15"));
    }
    if (once(2)) {
      balancers.add(IpAddress.of("192.0.2." + random.nextInt(4)));
    }
    if (once(3)) {
      balancers.add(IpAddress.of("fd00:2::" + random.nextInt(4)));
    }
    List<IpPrefix> ranges = new ArrayList<>();
    while (once(2)) {
      ranges.add(IpPrefix.of(one(RANGES)));
    }
    return new ExternalAccess(
        one(List.of(TrafficPolicy.values())),
        ips,
        balancers,
        new SourceRanges(ranges, once(20)),
        once(3) ? 32000 + random.nextInt(3) : 0);
  }

  private EndpointSlice slice() {
    AddressFamily family = once(3) ? AddressFamily.IPV6 : AddressFamily.IPV4;
    String prefix = family == AddressFamily.IPV4 ? "10.1.0." : "fd00:1::";
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      endpoints.add(
          new Endpoint(
              IpAddress.of(prefix + (1 + random.nextInt(6))),
              !once(4),
              !once(4),
              once(4),
              once(2) ? "node1" : "node2",
              one(List.of("", "a", "b")),
              once(3) ? List.of(one(List.of("a", "b"))) : List.of(),
              List.of(),
              once(3) ? "pod-" + i : ""));
    }
    List<EndpointPort> ports = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ports.add(new EndpointPort("p" + i, one(PROTOCOLS), 8080 + i));
    }
    ServiceName service = name();
    SliceName name = new SliceName("default", service.name() + "-" + random.nextInt(3));
    return new EndpointSlice(name, service, family, ports, endpoints);
  }

  private NodeInfo node() {
    return new NodeInfo(
        "node1",
        List.of(IpAddress.of("10.0.2.15"), IpAddress.of("fd00:10::15")),
        one(List.of("", "a", "b")),
        List.of());
  }
}
