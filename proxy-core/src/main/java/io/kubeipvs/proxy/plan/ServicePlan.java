package io.kubeipvs.proxy.plan;

import io.kubeipvs.proxy.model.ServiceName;
import java.util.List;

/**
 * What one Service asks of the kernel: the unit of planning and of comparing.
 *
 * @param portals in a fixed order; no two have the same claim
 */
public record ServicePlan(ServiceName service, List<Portal> portals) {
  public ServicePlan {
    portals = List.copyOf(portals);
  }

  /** What a Service that is gone asks for. */
  public static ServicePlan nothing(ServiceName service) {
    return new ServicePlan(service, List.of());
  }
}
