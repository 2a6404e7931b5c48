package io.kubeipvs.proxy.model;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A Service with something for a proxy to do: it has a cluster IP and is neither headless nor an
 * ExternalName, nor left to another proxy by label.
 *
 * @param created {@link Instant#EPOCH} where it is not known
 * @param clusterIps one or two, of different families, sorted
 * @param ports sorted
 * @param affinityTimeout present with session affinity by client address
 * @param internalPolicy {@code internalTrafficPolicy}, which rules the cluster IPs
 */
public record Service(
    ServiceName name,
    String uid,
    String resourceVersion,
    Instant created,
    ServiceType type,
    List<IpAddress> clusterIps,
    List<ServicePort> ports,
    Optional<Duration> affinityTimeout,
    TrafficPolicy internalPolicy,
    ExternalAccess external,
    ServiceSettings settings) {

  public Service {
    clusterIps = clusterIps.stream().distinct().sorted().toList();
    ports = ports.stream().distinct().sorted().toList();
  }

  /** A plain one: only cluster IPs, no policy, no settings. */
  public static Service of(
      ServiceName name, Instant created, List<IpAddress> clusterIps, List<ServicePort> ports) {
    return new Service(
        name,
        "",
        "",
        created,
        ServiceType.CLUSTER_IP,
        clusterIps,
        ports,
        Optional.empty(),
        TrafficPolicy.CLUSTER,
        ExternalAccess.NONE,
        ServiceSettings.NONE);
  }

  /** The same as far as a node with only those families can serve it. */
  public Service onlyIn(Set<AddressFamily> families) {
    if (clusterIps.stream().allMatch(address -> families.contains(address.family()))) {
      return this;
    }
    return new Service(
        name,
        uid,
        resourceVersion,
        created,
        type,
        clusterIps.stream().filter(address -> families.contains(address.family())).toList(),
        ports,
        affinityTimeout,
        internalPolicy,
        external,
        settings);
  }

  /** Whether it has a cluster IP of that family; without one it has nothing of that family. */
  public boolean has(AddressFamily family) {
    return clusterIps.stream().anyMatch(address -> address.family() == family);
  }

  public ServicePortName portName(ServicePort port) {
    return new ServicePortName(name, port.name(), port.protocol());
  }
}
