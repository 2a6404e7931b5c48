package io.kubeipvs.proxy.source;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.proxy.model.ExternalAccess;
import io.kubeipvs.proxy.model.ServiceType;
import io.kubeipvs.proxy.model.SourceRanges;
import io.kubeipvs.proxy.model.TrafficPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fields of a Service that let clients outside the cluster in; or keep them out. */
final class ExternalAccessMapper {
  private static final Map<String, Boolean> IP_MODES = Map.of("VIP", true, "Proxy", false);

  private ExternalAccessMapper() {}

  static ExternalAccess map(Field service, ServiceType type) {
    Field spec = service.get("spec");
    Field policyField = spec.get("externalTrafficPolicy");
    TrafficPolicy policy = Choice.policy(policyField);
    List<IpAddress> ips = ips(spec.get("externalIPs"));
    if (policyField.isPresent() && type == ServiceType.CLUSTER_IP && ips.isEmpty()) {
      policyField.refuse("the Service is not reachable from outside");
    }
    return new ExternalAccess(
        policy,
        ips,
        loadBalancerIps(service.get("status").get("loadBalancer").get("ingress"), type),
        sourceRanges(spec.get("loadBalancerSourceRanges"), type),
        healthCheckNodePort(spec.get("healthCheckNodePort"), type, policy));
  }

  private static List<IpAddress> ips(Field list) {
    List<IpAddress> ips = new ArrayList<>();
    for (Field item : list.items()) {
      if (!item.isPresent()) {
        item.refuse("is missing");
      }
      Addresses.proxied(item).ifPresent(ips::add);
    }
    return ips;
  }

  /** One with a host name only is nothing for a proxy; neither is one whose traffic is proxied. */
  private static List<IpAddress> loadBalancerIps(Field list, ServiceType type) {
    List<Field> items = list.items();
    if (!items.isEmpty() && type != ServiceType.LOAD_BALANCER) {
      list.refuse("only a Service of type LoadBalancer has some");
      return List.of();
    }
    List<IpAddress> ips = new ArrayList<>();
    for (Field item : items) {
      Field mode = item.get("ipMode");
      boolean vip = Choice.of(mode, IP_MODES).orElse(!mode.isPresent());
      Optional<IpAddress> address = Addresses.proxied(item.get("ip"));
      if (vip) {
        address.ifPresent(ips::add);
      }
    }
    return ips;
  }

  private static SourceRanges sourceRanges(Field list, ServiceType type) {
    if (list.isPresent() && type != ServiceType.LOAD_BALANCER) {
      list.refuse("only a Service of type LoadBalancer has some");
    }
    if (list.isPresent() && !(list.value() instanceof List)) {
      list.items();
      return new SourceRanges(List.of(), true);
    }
    List<IpPrefix> ranges = new ArrayList<>();
    boolean unreadable = false;
    for (Field item : list.items()) {
      Optional<IpPrefix> range = Addresses.range(item);
      range.ifPresent(ranges::add);
      unreadable |= range.isEmpty();
    }
    return new SourceRanges(ranges, unreadable);
  }

  private static int healthCheckNodePort(Field field, ServiceType type, TrafficPolicy policy) {
    int port = field.integer(0, 0xffff).orElse(0);
    if (port != 0 && (type != ServiceType.LOAD_BALANCER || policy != TrafficPolicy.LOCAL)) {
      field.refuse("needs type LoadBalancer and externalTrafficPolicy Local");
      return 0;
    }
    return port;
  }
}
