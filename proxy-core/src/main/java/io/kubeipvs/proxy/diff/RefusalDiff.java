package io.kubeipvs.proxy.diff;

import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.plan.SetMember;
import io.kubeipvs.proxy.state.DesiredState;
import io.kubeipvs.proxy.state.Footprint;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which ports refuse new connections: those of Services without endpoints, and for a moment those
 * of a VIP that is open for other ports.
 *
 * <p>A claim lets packets pass to IPVS. It is written before the virtual service and removed after
 * it, and in between packets would pass IPVS by and reach a program of the host that listens on all
 * addresses. So such a port is refused from before the claim until the virtual service is there,
 * and from before the virtual service goes until the claim is gone; and while it drains.
 */
final class RefusalDiff {
  private final DesiredState desired;
  private final ObservedState observed;
  private final Set<@Nullable ServiceKey> lingering;
  private final Set<IpAddress> lingeringAddresses = new HashSet<>();
  private final Set<ServiceKey.Address> keys = new TreeSet<>();

  RefusalDiff(DesiredState desired, ObservedState observed, Set<@Nullable ServiceKey> lingering) {
    this.desired = desired;
    this.observed = observed;
    this.lingering = lingering;
    for (ServiceKey key : lingering) {
      if (key instanceof ServiceKey.Address address) {
        lingeringAddresses.add(address.address());
      }
    }
  }

  /** Notes what service a place concerns; whether the entry is one to be compared here alone. */
  boolean takes(SetMember member) {
    boolean refusal = SetRoles.refuses(member.set());
    if (member.entry() instanceof SetEntry.IpPort entry
        && (refusal || SetRoles.claimsAddress(member.set()))) {
      keys.add(new ServiceKey.Address(entry.protocol(), entry.address(), entry.port()));
    }
    return refusal;
  }

  /** Entries that only a change needs are in both lists. */
  void compare(List<SetMember> missing, List<SetMember> surplus, Footprint unsettled) {
    for (ServiceKey.Address key : keys) {
      SetMember refusal = SetRoles.refusal(key);
      boolean there = observed.holds(refusal);
      boolean wanted = desired.wants(refusal);
      boolean needed = wanted || isExposed(key);
      if (needed && !there) {
        missing.add(refusal);
      }
      if (needed && lingering.contains(key)) {
        unsettled.members().add(refusal);
      } else if (!wanted && (needed || there)) {
        surplus.add(refusal);
      }
    }
  }

  /** Whether its virtual service comes or goes while its address stays reachable. */
  private boolean isExposed(ServiceKey.Address key) {
    boolean wanted = desired.service(key) != null;
    boolean there = observed.service(key) != null;
    return wanted != there && isOpen(key.address()) && staysOpen(key.address());
  }

  private boolean isOpen(IpAddress vip) {
    return observed.hasAddress(vip) || observed.route(vip) != null;
  }

  private boolean staysOpen(IpAddress vip) {
    return desired.wantsVip(vip) || lingeringAddresses.contains(vip);
  }
}
