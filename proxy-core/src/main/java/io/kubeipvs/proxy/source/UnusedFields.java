package io.kubeipvs.proxy.source;

import io.kubeipvs.proxy.model.ServiceType;
import java.util.List;
import java.util.Map;

/**
 * Fields of a Service that are for others than a proxy. They change nothing here; they are checked
 * because no API server has done so, and who wrote them wants to know.
 */
final class UnusedFields {
  private static final Map<String, Boolean> FAMILY_POLICIES =
      Map.of("SingleStack", true, "PreferDualStack", true, "RequireDualStack", true);
  private static final Map<String, Boolean> DISTRIBUTIONS =
      Map.of("PreferClose", true, "PreferSameZone", true, "PreferSameNode", true);
  private static final List<String> OF_LOAD_BALANCERS =
      List.of("allocateLoadBalancerNodePorts", "loadBalancerClass");

  private UnusedFields() {}

  static void check(Field spec, ServiceType type) {
    Choice.of(spec.get("ipFamilyPolicy"), FAMILY_POLICIES);
    Choice.of(spec.get("trafficDistribution"), DISTRIBUTIONS);
    spec.get("publishNotReadyAddresses").flag(false);
    for (String name : OF_LOAD_BALANCERS) {
      Field field = spec.get(name);
      if (field.isPresent() && type != ServiceType.LOAD_BALANCER) {
        field.refuse("only a Service of type LoadBalancer has one");
      }
    }
  }
}
