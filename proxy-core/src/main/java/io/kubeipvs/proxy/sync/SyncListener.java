package io.kubeipvs.proxy.sync;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.plan.ServicePlan;
import io.kubeipvs.proxy.plan.iptables.ServiceRules;
import io.kubeipvs.proxy.state.ChangeTracker;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Hears what the loop does, on the thread that syncs: notes it and returns. */
public interface SyncListener {
  SyncListener NONE = new SyncListener() {};

  /**
   * A sync begins; {@link #synced} or {@link #failed} ends it.
   *
   * @param changes what led to it; nothing when it is only time to look again
   * @param look whether it looks at the whole kernel
   */
  default void began(ChangeTracker.Changes changes, boolean look) {}

  /** Of the objects as they are now; {@link #synced} follows when the kernel has it too. */
  default void planned(Service service, Collection<EndpointSlice> slices, ServicePlan plan) {}

  /** As {@link #planned}, in iptables mode: for each family what the Service asks of its tables. */
  default void plannedRules(
      Service service, Collection<EndpointSlice> slices, Map<AddressFamily, ServiceRules> rules) {}

  default void gone(ServiceName service) {}

  /**
   * A sync came to its end, with failures of single operations or without.
   *
   * @param applied the changes it brought into the kernel; those of a sync that failed come with
   *     the next that does not
   */
  default void synced(SyncReport report, SyncStatus status, ChangeTracker.Applied applied) {}

  /** A sync was given up; nothing or not everything was written. */
  default void failed(IOException cause) {}

  /** One that tells several, in order. */
  static SyncListener of(List<SyncListener> listeners) {
    return new SyncListener() {
      @Override
      public void began(ChangeTracker.Changes changes, boolean look) {
        listeners.forEach(each -> each.began(changes, look));
      }

      @Override
      public void planned(Service service, Collection<EndpointSlice> slices, ServicePlan plan) {
        listeners.forEach(each -> each.planned(service, slices, plan));
      }

      @Override
      public void plannedRules(
          Service service,
          Collection<EndpointSlice> slices,
          Map<AddressFamily, ServiceRules> rules) {
        listeners.forEach(each -> each.plannedRules(service, slices, rules));
      }

      @Override
      public void gone(ServiceName service) {
        listeners.forEach(each -> each.gone(service));
      }

      @Override
      public void synced(SyncReport report, SyncStatus status, ChangeTracker.Applied applied) {
        listeners.forEach(each -> each.synced(report, status, applied));
      }

      @Override
      public void failed(IOException cause) {
        listeners.forEach(each -> each.failed(cause));
      }
    };
  }
}
