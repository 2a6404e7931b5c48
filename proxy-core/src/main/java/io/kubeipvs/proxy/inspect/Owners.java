package io.kubeipvs.proxy.inspect;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.plan.Portal;
import io.kubeipvs.proxy.plan.ServicePlan;
import io.kubeipvs.proxy.plan.SetMember;
import io.kubeipvs.proxy.state.DesiredState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which Services ask for what in the kernel. */
public final class Owners {
  public static final Owners NOBODY = new Owners(new DesiredState());

  private final Map<ServiceKey, Portal> services = new HashMap<>();
  private final Map<SetMember, List<Portal>> members = new HashMap<>();
  private final Map<IpAddress, List<Portal>> vips = new HashMap<>();

  /** As the state is now; later changes of it count no more. */
  public Owners(DesiredState desired) {
    for (ServicePlan plan : desired.plans()) {
      plan.portals().stream().filter(desired::isInForce).forEach(this::add);
    }
  }

  private void add(Portal portal) {
    portal.services().keySet().forEach(key -> services.put(key, portal));
    portal.members().forEach(m -> members.computeIfAbsent(m, any -> new ArrayList<>()).add(portal));
    portal.vips().forEach(vip -> vips.computeIfAbsent(vip, any -> new ArrayList<>()).add(portal));
  }

  /** Null when nobody does. */
  public @Nullable Portal of(ServiceKey key) {
    return services.get(key);
  }

  public Collection<Portal> of(SetMember member) {
    return members.getOrDefault(member, List.of());
  }

  public Collection<Portal> of(IpAddress vip) {
    return vips.getOrDefault(vip, List.of());
  }
}
