package io.kubeipvs.proxy.model;

import io.kubeipvs.net.IpAddress;
import java.util.List;

/**
 * How a Service is reached from outside the cluster, apart from its node ports.
 *
 * @param policy {@code externalTrafficPolicy}; it also rules the node ports
 * @param ips {@code externalIPs}, of any family
 * @param loadBalancerIps addresses of the load balancer whose traffic arrives with that address
 *     still on it ({@code ipMode: VIP}), of any family
 * @param sourceRanges who may reach {@code loadBalancerIps}; node ports and external IPs are open
 * @param healthCheckNodePort where a load balancer asks for local endpoints; 0 unless the type is
 *     LoadBalancer and the policy is Local
 */
public record ExternalAccess(
    TrafficPolicy policy,
    List<IpAddress> ips,
    List<IpAddress> loadBalancerIps,
    SourceRanges sourceRanges,
    int healthCheckNodePort) {

  public static final ExternalAccess NONE =
      new ExternalAccess(TrafficPolicy.CLUSTER, List.of(), List.of(), SourceRanges.NONE, 0);

  public ExternalAccess {
    ips = ips.stream().distinct().sorted().toList();
    loadBalancerIps = loadBalancerIps.stream().distinct().sorted().toList();
    Ports.check(healthCheckNodePort, 0);
  }
}
