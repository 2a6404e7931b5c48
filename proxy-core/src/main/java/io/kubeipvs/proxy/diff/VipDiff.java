package io.kubeipvs.proxy.diff;

import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.route.LocalRoute;
import io.kubeipvs.netlink.route.RouteCommand;
import io.kubeipvs.proxy.plan.SetMember;
import io.kubeipvs.proxy.state.DesiredState;
import io.kubeipvs.proxy.state.Footprint;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Addresses to open, to close, and to bind the other way. */
final class VipDiff {
  private final DesiredState desired;
  private final ObservedState observed;
  private final DiffSettings settings;
  private final Set<IpAddress> lingering = new HashSet<>();

  VipDiff(
      DesiredState desired,
      ObservedState observed,
      DiffSettings settings,
      Set<ServiceKey> lingeringServices) {
    this.desired = desired;
    this.observed = observed;
    this.settings = settings;
    for (ServiceKey key : lingeringServices) {
      if (key instanceof ServiceKey.Address address) {
        lingering.add(address.address());
      }
    }
  }

  void compare(Footprint places, List<Operation> operations, Footprint unsettled) {
    Set<IpAddress> guarded = guarded(places.members());
    for (IpAddress vip : places.vips().stream().sorted().toList()) {
      if (desired.wantsVip(vip)) {
        open(vip, guarded.contains(vip), operations);
      } else if (lingering.contains(vip) && isOpen(vip)) {
        unsettled.vips().add(vip);
      } else {
        close(vip, Phase.CLOSE_VIPS, operations);
      }
    }
  }

  /** Addresses that only some clients may reach. */
  private Set<IpAddress> guarded(Set<SetMember> members) {
    Set<IpAddress> guarded = new HashSet<>();
    for (SetMember member : members) {
      if (SetRoles.shutsOut(member.set())
          && member.entry() instanceof SetEntry.IpPort entry
          && desired.wants(member)) {
        guarded.add(entry.address());
      }
    }
    return guarded;
  }

  private void open(IpAddress vip, boolean guarded, List<Operation> operations) {
    Optional<LocalRoute> route = settings.binding().route(vip);
    boolean bound =
        route.isPresent() ? route.get().equals(observed.route(vip)) : observed.hasAddress(vip);
    if (!bound) {
      operations.add(
          new Operation.Vip(Phase.OPEN_VIPS, vip, guarded, settings.binding().open(vip)));
    }
    if (route.isPresent() && observed.hasAddress(vip)) {
      RouteCommand unbind = VipBinding.deleteAddress(settings.deviceName(), vip);
      operations.add(new Operation.Vip(Phase.UNBIND_VIPS, vip, false, unbind));
    }
    LocalRoute other = observed.route(vip);
    if (route.isEmpty() && other != null) {
      RouteCommand unbind = VipBinding.deleteRoute(other);
      operations.add(new Operation.Vip(Phase.UNBIND_VIPS, vip, false, unbind));
    }
  }

  private boolean isOpen(IpAddress vip) {
    return observed.hasAddress(vip) || observed.route(vip) != null;
  }

  private void close(IpAddress vip, Phase phase, List<Operation> operations) {
    LocalRoute route = observed.route(vip);
    if (route != null) {
      operations.add(new Operation.Vip(phase, vip, false, VipBinding.deleteRoute(route)));
    }
    if (observed.hasAddress(vip)) {
      RouteCommand delete = VipBinding.deleteAddress(settings.deviceName(), vip);
      operations.add(new Operation.Vip(phase, vip, false, delete));
    }
  }
}
