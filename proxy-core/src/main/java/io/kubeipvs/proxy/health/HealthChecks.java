package io.kubeipvs.proxy.health;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.plan.ServicePlan;
import io.kubeipvs.proxy.plan.iptables.ServiceRules;
import io.kubeipvs.proxy.state.ChangeTracker;
import io.kubeipvs.proxy.sync.SyncListener;
import io.kubeipvs.proxy.sync.SyncReport;
import io.kubeipvs.proxy.sync.SyncStatus;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The health checks of all Services that have one, passed on after each sync: a load balancer must
 * not be told of an endpoint before the kernel knows it. Belongs to the sync thread.
 */
public final class HealthChecks implements SyncListener {
  private final String nodeName;
  private final Consumer<Map<ServiceName, HealthCheck>> ports;
  private final SortedMap<ServiceName, HealthCheck> checks = new TreeMap<>();

  /**
   * @param ports is told all of them after each sync
   */
  public HealthChecks(String nodeName, Consumer<Map<ServiceName, HealthCheck>> ports) {
    this.nodeName = nodeName;
    this.ports = ports;
  }

  @Override
  public void planned(Service service, Collection<EndpointSlice> slices, ServicePlan plan) {
    check(service, slices);
  }

  @Override
  public void plannedRules(
      Service service, Collection<EndpointSlice> slices, Map<AddressFamily, ServiceRules> rules) {
    check(service, slices);
  }

  private void check(Service service, Collection<EndpointSlice> slices) {
    Optional<HealthCheck> check = HealthCheck.of(service, slices, nodeName);
    check.ifPresentOrElse(
        each -> checks.put(service.name(), each), () -> checks.remove(service.name()));
  }

  @Override
  public void gone(ServiceName service) {
    checks.remove(service);
  }

  @Override
  public void synced(SyncReport report, SyncStatus status, ChangeTracker.Applied applied) {
    ports.accept(Map.copyOf(checks));
  }
}
