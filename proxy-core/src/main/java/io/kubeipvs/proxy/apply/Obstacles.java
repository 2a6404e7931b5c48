package io.kubeipvs.proxy.apply;

import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipvs.Ipvs;
import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.diff.Phase;
import io.kubeipvs.proxy.diff.SetRoles;
import java.io.IOException;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What of a batch was not carried out, and what therefore must not be: the order of the phases
 * keeps a batch safe only as long as each does what it is there for.
 */
final class Obstacles {
  private final Ipvs ipvs;

  /** Addresses whose set entries could not be written. */
  private final Set<IpAddress> unclaimed = new HashSet<>();

  /** Node ports whose set entries could not be written. */
  private final Set<Integer> unclaimedPorts = new HashSet<>();

  /** Services whose port could not be refused, which is done before they go. */
  private final Set<ServiceKey> unrefused = new HashSet<>();

  /** Addresses that could not be closed. */
  private final Set<IpAddress> unclosed = new HashSet<>();

  /** Services that could not be deleted. */
  private final Set<ServiceKey> undeleted = new HashSet<>();

  /** Services that could not be made. */
  private final Set<ServiceKey> missing = new HashSet<>();

  private final Set<IpAddress> missingAddresses = new HashSet<>();

  /** Addresses with a virtual service; null until somebody asks. */
  private @Nullable Set<IpAddress> served;

  /** Families whose rules could not be written. */
  private final Set<AddressFamily> unguarded = EnumSet.noneOf(AddressFamily.class);

  Obstacles(Ipvs ipvs) {
    this.ipvs = ipvs;
  }

  /** Why the operation must not be carried out, given what failed before; null when it may. */
  @Nullable String of(Operation operation) {
    if (operation instanceof Operation.Ipvs ipvs
        && ipvs.command().key() instanceof ServiceKey.Address key) {
      return obstacle(operation.phase(), key);
    }
    if (operation instanceof Operation.Sets sets
        && operation.phase() == Phase.DELETE_ENTRIES
        && isNeeded(sets.command())) {
      return "left out, its virtual service is still there";
    }
    if (operation instanceof Operation.Vip vip && operation.phase() == Phase.OPEN_VIPS) {
      if (unclaimed.contains(vip.address())) {
        return "left out, the address has no entry in its sets";
      }
      if (vip.guarded() && unguarded.contains(vip.address().family())) {
        return "left out, the rules that keep other clients out were not written";
      }
    }
    if (operation instanceof Operation.Sets sets
        && sets.command() instanceof SetCommand.Delete delete
        && delete.entry() instanceof SetEntry.IpPort e
        && missing.contains(new ServiceKey.Address(e.protocol(), e.address(), e.port()))) {
      return "left out, until the service is there";
    }
    return null;
  }

  private @Nullable String obstacle(Phase phase, ServiceKey.Address key) {
    if (phase == Phase.PROGRAM_SERVICES
        && (unclaimed.contains(key.address()) || unclaimedPorts.contains(key.port()))) {
      return "left out, the address has no entry in its sets";
    }
    if (phase == Phase.DELETE_SERVICES && unclosed.contains(key.address())) {
      return "left out, the address is still open";
    }
    if (phase == Phase.DELETE_SERVICES && unrefused.contains(key)) {
      return "left out, its port is not refused yet";
    }
    return null;
  }

  /** An address without a virtual service leads to whatever the host itself serves there. */
  boolean leadsNowhere(Operation operation) {
    return operation.phase() == Phase.OPEN_VIPS
        && operation instanceof Operation.Vip vip
        && missingAddresses.contains(vip.address())
        && !isServed(vip.address());
  }

  /** Asked when services are programmed: nothing changes any more, and one look does for all. */
  private boolean isServed(IpAddress address) {
    Set<IpAddress> all = served;
    if (all == null) {
      all = readServed();
      served = all;
    }
    return all.contains(address);
  }

  private Set<IpAddress> readServed() {
    try {
      return addresses(ipvs.services().stream().map(observed -> observed.service().key()));
    } catch (IOException e) {
      return Set.of(); // to be looked into again, as after every failure
    }
  }

  private static Set<IpAddress> addresses(Stream<ServiceKey> keys) {
    return keys.filter(ServiceKey.Address.class::isInstance)
        .map(key -> ((ServiceKey.Address) key).address())
        .collect(Collectors.toSet());
  }

  /** Without its entry, nobody would know any more whose the virtual service is. */
  private boolean isNeeded(SetCommand command) {
    if (undeleted.isEmpty() || !(command instanceof SetCommand.Delete delete)) {
      return false;
    }
    for (ServiceKey key : undeleted) {
      if (key instanceof ServiceKey.Address address && names(delete.entry(), address)) {
        return true;
      }
    }
    return false;
  }

  private static boolean names(SetEntry entry, ServiceKey.Address key) {
    if (entry instanceof SetEntry.Port e) {
      return e.port() == key.port();
    }
    if (entry instanceof SetEntry.IpPort e) {
      return e.address().equals(key.address()) && e.port() == key.port();
    }
    if (entry instanceof SetEntry.IpPortNet e) {
      return e.address().equals(key.address()) && e.port() == key.port();
    }
    if (entry instanceof SetEntry.IpPortIp e) {
      return e.address().equals(key.address()) && e.port() == key.port();
    }
    return entry instanceof SetEntry.Ip e && e.address().equals(key.address());
  }

  /** What else depends on an operation that was not carried out. */
  void note(Operation operation) {
    if (operation instanceof Operation.Sets sets) {
      noteUnclaimed(sets);
    } else if (operation instanceof Operation.Rules rules) {
      unguarded.add(rules.family());
    } else if (operation instanceof Operation.Vip vip) {
      if (vip.phase() == Phase.CLOSE_VIPS) {
        unclosed.add(vip.address());
      }
    } else if (operation instanceof Operation.Ipvs ipvs) {
      if (ipvs.command() instanceof IpvsCommand.DeleteService delete) {
        undeleted.add(delete.key());
      } else if (ipvs.command() instanceof IpvsCommand.AddService add) {
        missing.add(add.key());
        if (add.key() instanceof ServiceKey.Address own) {
          missingAddresses.add(own.address());
        }
      }
    }
  }

  private void noteUnclaimed(Operation.Sets operation) {
    if (operation.phase() != Phase.ADD_ENTRIES
        || !(operation.command() instanceof SetCommand.Add add)) {
      return;
    }
    SetEntry entry = add.entry();
    if (entry instanceof SetEntry.IpPort e) {
      unclaimed.add(e.address());
      if (SetRoles.refuses(add.set())) {
        unrefused.add(ServiceKey.of(e.protocol(), e.address(), e.port()));
      }
    } else if (entry instanceof SetEntry.IpPortNet e) {
      unclaimed.add(e.address());
    } else if (entry instanceof SetEntry.Ip e) {
      unclaimed.add(e.address());
    } else if (entry instanceof SetEntry.Port e) {
      unclaimedPorts.add(e.port());
    }
  }

  /** Whether the service could not be made. */
  boolean isMissing(ServiceKey key) {
    return missing.contains(key);
  }
}
