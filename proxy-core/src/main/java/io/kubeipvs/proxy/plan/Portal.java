package io.kubeipvs.proxy.plan;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.model.ServicePortName;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One way into a port of a Service, with everything the kernel needs for it. A portal is in force
 * as a whole or not at all, depending on who holds its claim.
 *
 * @param port the owner
 * @param created when the owner's Service was created; the older one holds a contested claim
 * @param claim empty for {@link Kind#SHARED}, which is always in force
 * @param members of sets; several portals may have the same one
 * @param vips addresses to be made local to this node; several portals may have the same one
 */
public record Portal(
    ServicePortName port,
    Instant created,
    Kind kind,
    Optional<Claim> claim,
    SortedMap<ServiceKey, PlannedService> services,
    SortedSet<SetMember> members,
    SortedSet<IpAddress> vips) {

  /** In the order a Service's portals are planned. */
  public enum Kind {
    CLUSTER_IP,
    EXTERNAL_IP,
    LOAD_BALANCER,
    NODE_PORT,
    SHARED
  }

  public Portal {
    services = SortedArrayMap.copyOf(services);
    members = Collections.unmodifiableSortedSet(new TreeSet<>(members));
    vips = Collections.unmodifiableSortedSet(new TreeSet<>(vips));
  }
}
