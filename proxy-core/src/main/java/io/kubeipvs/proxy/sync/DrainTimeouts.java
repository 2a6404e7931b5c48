package io.kubeipvs.proxy.sync;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.Protocol;
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
  /**
   * Where no timeout is set, and the protocol has no end of a connection: answers of flows that
   * rules translate by now keep those of IPVS alive, too.
   */
  private static final Duration WITHOUT_AN_END = Duration.ofMinutes(10);

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

  /** Null for ever, of TCP; one that was gone before our start is under the proxy's. */
  @Nullable Duration of(ServiceKey key, DesiredState desired) {
    var planned = desired.service(key);
    if (planned != null) {
      return planned.drainTimeout().orElse(null);
    }
    Duration remembered = parting.get(key);
    if (remembered != null) {
      return remembered;
    }
    boolean ends = key instanceof ServiceKey.Address at && at.protocol().equals(Protocol.TCP);
    return byDefault.orElse(ends ? null : WITHOUT_AN_END);
  }
}
