package io.kubeipvs.proxy.diff;

import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.plan.SetMember;
import io.kubeipvs.proxy.state.DesiredState;
import io.kubeipvs.proxy.state.Footprint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Entries to add and to delete. Which clients an address serves is written before the entry that
 * shuts the others out, and taken back after it: the clients that may are never shut out, and those
 * that may not never let in. What is refused ({@link RefusalDiff}) is such an entry too.
 */
final class SetDiff {
  private static final Comparator<SetMember> CLIENTS_FIRST =
      Comparator.comparing((SetMember member) -> !SetRoles.namesClients(member.set()))
          .thenComparing(Comparator.naturalOrder());

  private final DesiredState desired;
  private final ObservedState observed;
  private final Set<@Nullable ServiceKey> lingering;
  private final Set<Integer> lingeringPorts = new HashSet<>();
  private final Set<IpAddress> lingeringAddresses = new HashSet<>();

  SetDiff(DesiredState desired, ObservedState observed, Set<ServiceKey> lingering) {
    this.desired = desired;
    this.observed = observed;
    this.lingering = new HashSet<>(lingering);
    for (ServiceKey key : lingering) {
      if (key instanceof ServiceKey.Address address) {
        lingeringPorts.add(address.port());
        lingeringAddresses.add(address.address());
      }
    }
  }

  void compare(Set<SetMember> places, List<Operation> operations, Footprint unsettled) {
    List<SetMember> missing = new ArrayList<>();
    List<SetMember> surplus = new ArrayList<>();
    RefusalDiff refusals = new RefusalDiff(desired, observed, lingering);
    for (SetMember member : places) {
      if (refusals.takes(member)) {
        continue;
      }
      boolean wanted = desired.wants(member);
      boolean there = observed.holds(member);
      if (wanted && !there) {
        missing.add(member);
      } else if (!wanted && there && isNeededByLingering(member)) {
        unsettled.members().add(member);
      } else if (!wanted && there) {
        surplus.add(member);
      }
    }
    refusals.compare(missing, surplus, unsettled);
    missing.sort(CLIENTS_FIRST);
    surplus.sort(Collections.reverseOrder(CLIENTS_FIRST));
    SetRoom.make(missing, observed, operations);
    for (SetMember member : missing) {
      SetCommand add = new SetCommand.Add(member.set(), member.entry());
      operations.add(new Operation.Sets(Phase.ADD_ENTRIES, add));
    }
    for (SetMember member : surplus) {
      SetCommand delete = new SetCommand.Delete(member.set(), member.entry());
      operations.add(new Operation.Sets(Phase.DELETE_ENTRIES, delete));
    }
  }

  /**
   * Connections that drain pass the rules as before: what the rules look up stays. So does what
   * keeps the host's own sockets from being reached by an address that is still bound.
   */
  private boolean isNeededByLingering(SetMember member) {
    if (member.entry() instanceof SetEntry.Port entry) {
      return lingeringPorts.contains(entry.port());
    }
    return member.entry() instanceof SetEntry.Ip entry
        ? lingeringAddresses.contains(entry.address())
        : lingering.contains(keyOf(member.entry()));
  }

  private static @Nullable ServiceKey keyOf(SetEntry entry) {
    if (entry instanceof SetEntry.IpPort e) {
      return ServiceKey.of(e.protocol(), e.address(), e.port());
    }
    if (entry instanceof SetEntry.IpPortNet e) {
      return ServiceKey.of(e.protocol(), e.address(), e.port());
    }
    if (entry instanceof SetEntry.IpPortIp e) {
      return ServiceKey.of(e.protocol(), e.address(), e.port());
    }
    return null;
  }
}
