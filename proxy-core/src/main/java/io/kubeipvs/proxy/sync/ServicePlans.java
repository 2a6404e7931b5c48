package io.kubeipvs.proxy.sync;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.plan.ServicePlan;
import io.kubeipvs.proxy.plan.ipvs.Planner;
import io.kubeipvs.proxy.state.ChangeTracker;
import io.kubeipvs.proxy.state.DesiredState;
import io.kubeipvs.proxy.state.Footprint;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Plans Services as they are now, and tells what their plans are the sum of. */
final class ServicePlans {
  private static final Logger LOG = LogManager.getLogger(SyncLoop.class);

  private final ChangeTracker tracker;
  private final Set<AddressFamily> families;
  private final NodeContext context;
  private final DrainTimeouts timeouts;
  private final SyncListener listener;
  private final DesiredState desired = new DesiredState();
  private final SortedMap<ServiceName, String> unplannable = new TreeMap<>();

  ServicePlans(
      ChangeTracker tracker,
      Set<AddressFamily> families,
      NodeContext context,
      DrainTimeouts timeouts,
      SyncListener listener) {
    this.tracker = tracker;
    this.families = families;
    this.context = context;
    this.timeouts = timeouts;
    this.listener = listener;
  }

  /** The sum of all plans. */
  DesiredState desired() {
    return desired;
  }

  /** What is said of those that could not be planned. */
  Collection<String> complaints() {
    return List.copyOf(unplannable.values());
  }

  /** Plans it; the places that concerns. */
  Footprint plan(ServiceName name) {
    try {
      Footprint changed = planned(name);
      unplannable.remove(name);
      return changed;
    } catch (RuntimeException e) {
      // A defect of ours that one Service brings out must not stop the others. It keeps the plan
      // it had.
      LOG.error("Service {} cannot be planned, which is a defect of kube-ipvs", name, e);
      unplannable.put(name, "Service " + name + " cannot be planned: " + e);
      return new Footprint();
    }
  }

  private Footprint planned(ServiceName name) {
    ChangeTracker.Input input = tracker.input(name);
    desired.plan(name).ifPresent(timeouts::remember);
    Optional<Service> service = input.service().map(each -> each.onlyIn(families));
    if (service.isEmpty()) {
      listener.gone(name);
      return desired.remove(name);
    }
    ServicePlan plan = Planner.plan(service.get(), input.slices(), context.plan());
    listener.planned(service.get(), input.slices(), plan);
    return desired.put(plan);
  }
}
