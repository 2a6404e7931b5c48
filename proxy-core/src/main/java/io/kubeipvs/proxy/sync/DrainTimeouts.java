package io.kubeipvs.proxy.sync;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.proxy.plan.Portal;
import io.kubeipvs.proxy.plan.ServicePlan;
import io.kubeipvs.proxy.state.DesiredState;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How long servers may drain: the Service's own timeout, also when it is gone by then. */
final class DrainTimeouts {
  private final Optional<Duration> byDefault;

  /** Those of services that are gone and may drain. */
  private final Map<ServiceKey, Duration> parting = new HashMap<>();

  DrainTimeouts(Optional<Duration> byDefault) {
    this.byDefault = byDefault;
  }

  /** That plan is about to be replaced. */
  void remember(ServicePlan former) {
    for (Portal portal : former.portals()) {
      portal
          .services()
          .forEach((key, service) -> service.drainTimeout().ifPresent(t -> parting.put(key, t)));
    }
  }

  /** No others drain. */
  void retain(Collection<ServiceKey> draining) {
    parting.keySet().retainAll(draining);
  }

  /** Null for ever; one that was gone before our start is under the proxy's. */
  @Nullable Duration of(ServiceKey key, DesiredState desired) {
    var planned = desired.service(key);
    if (planned != null) {
      return planned.drainTimeout().orElse(null);
    }
    Duration remembered = parting.get(key);
    return remembered != null ? remembered : byDefault.orElse(null);
  }
}
