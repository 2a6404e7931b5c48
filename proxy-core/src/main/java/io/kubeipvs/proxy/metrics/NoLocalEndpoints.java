package io.kubeipvs.proxy.metrics;

import io.kubeipvs.ipset.SetName;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.plan.Portal;
import io.kubeipvs.proxy.plan.ServicePlan;
import io.kubeipvs.proxy.plan.SetMember;
import io.kubeipvs.proxy.plan.iptables.ServiceRules;
import io.kubeipvs.proxy.plan.ipvs.KubeSet;
import io.kubeipvs.proxy.sync.SyncListener;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The Services whose local policy keeps clients of this node from endpoints there are. */
final class NoLocalEndpoints implements SyncListener {
  /** As kube-proxy names the policies. */
  enum Policy {
    internal(KubeSet.NO_LOCAL_INTERNAL),
    external(KubeSet.NO_LOCAL_EXTERNAL);

    private final KubeSet set;

    Policy(KubeSet set) {
      this.set = set;
    }
  }

  private static final Set<SetName> SETS = sets();

  /** Only of Services that have any, which are few. */
  private final Map<ServiceName, Set<SetName>> without = new ConcurrentHashMap<>();

  private static Set<SetName> sets() {
    Set<SetName> sets = new HashSet<>();
    for (Policy policy : Policy.values()) {
      for (AddressFamily family : AddressFamily.values()) {
        sets.add(policy.set.name(family));
      }
    }
    return sets;
  }

  @Override
  public void planned(Service service, Collection<EndpointSlice> slices, ServicePlan plan) {
    Set<SetName> found = new HashSet<>();
    for (Portal portal : plan.portals()) {
      for (SetMember member : portal.members()) {
        if (SETS.contains(member.set())) {
          found.add(member.set());
        }
      }
    }
    note(service.name(), found);
  }

  /** The rules that drop say it: what has no endpoint anywhere is refused, not dropped. */
  @Override
  public void plannedRules(
      Service service, Collection<EndpointSlice> slices, Map<AddressFamily, ServiceRules> rules) {
    Set<SetName> found = new HashSet<>();
    rules.forEach(
        (family, ofFamily) -> {
          if (ofFamily.dropsInternal()) {
            found.add(Policy.internal.set.name(family));
          }
          if (ofFamily.dropsExternal()) {
            found.add(Policy.external.set.name(family));
          }
        });
    note(service.name(), found);
  }

  private void note(ServiceName service, Set<SetName> found) {
    if (found.isEmpty()) {
      without.remove(service);
    } else {
      without.put(service, found);
    }
  }

  @Override
  public void gone(ServiceName service) {
    without.remove(service);
  }

  long count(Policy policy, AddressFamily family) {
    SetName set = policy.set.name(family);
    return without.values().stream().filter(sets -> sets.contains(set)).count();
  }
}
