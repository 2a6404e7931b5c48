package io.kubeipvs.proxy.state;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.plan.Portal;
import io.kubeipvs.proxy.plan.SetMember;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * The places in the kernel that a change may concern: identities only, no contents. A diff looks at
 * these places and at no others, which is what makes a sync cost O(change). In no order: who goes
 * through them to decide what comes first sorts them, once.
 */
public record Footprint(Set<ServiceKey> services, Set<SetMember> members, Set<IpAddress> vips) {

  /** An empty one, to be added to. */
  public Footprint() {
    this(new HashSet<>(), new HashSet<>(), new HashSet<>());
  }

  static Footprint of(Collection<Portal> portals) {
    Footprint footprint = new Footprint();
    for (Portal portal : portals) {
      footprint.services.addAll(portal.services().keySet());
      footprint.members.addAll(portal.members());
      footprint.vips.addAll(portal.vips());
    }
    return footprint;
  }

  public void addAll(Footprint other) {
    services.addAll(other.services);
    members.addAll(other.members);
    vips.addAll(other.vips);
  }

  public boolean isEmpty() {
    return services.isEmpty() && members.isEmpty() && vips.isEmpty();
  }
}
