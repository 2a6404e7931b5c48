package io.kubeipvs.proxy.sync;

import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.route.RouteCommand;
import io.kubeipvs.proxy.diff.Operation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Replays operations one by one and says where, between two of them, the kernel would have been in
 * a state that no client should ever meet. It knows the rules of safety only, not how the differ
 * keeps them.
 */
final class SafetyChecker {
  private final Set<ServiceKey> services = new HashSet<>();
  private final Set<String> members = new HashSet<>();
  private final Set<IpAddress> open = new HashSet<>();
  private final Set<String> sets = new HashSet<>();

  /** Addresses that stay open because something is served at them in the end. */
  private Set<IpAddress> servedAfter = Set.of();

  /** What went wrong, in order; empty when nothing did. */
  List<String> replay(List<Operation> operations) {
    return replay(operations, List.of());
  }

  /**
   * The same for a batch of which the kernel refused some.
   *
   * @param refused an address stays open for a service that is among them
   */
  List<String> replay(List<Operation> operations, List<Operation> refused) {
    List<String> wrong = new ArrayList<>();
    Set<String> before = Set.copyOf(members);
    Set<String> after = new HashSet<>(members);
    operations.forEach(operation -> applyMembers(operation, after));
    servedAfter =
        servedAfter(
            Stream.concat(operations.stream(), refused.stream().filter(this::adds)).toList());
    for (Operation operation : operations) {
      check(operation, wrong);
      apply(operation);
      neverOpenToEverybody(operation, before, after, wrong);
      neverLeadsToTheHost(operation, wrong);
    }
    return wrong;
  }

  private boolean adds(Operation operation) {
    return operation instanceof Operation.Ipvs ipvs
        && ipvs.command() instanceof IpvsCommand.AddService;
  }

  private Set<IpAddress> servedAfter(List<Operation> operations) {
    Set<ServiceKey> after = new HashSet<>(services);
    for (Operation operation : operations) {
      if (operation instanceof Operation.Ipvs ipvs) {
        if (ipvs.command() instanceof IpvsCommand.AddService add) {
          after.add(add.key());
        } else if (ipvs.command() instanceof IpvsCommand.DeleteService delete) {
          after.remove(delete.key());
        }
      }
    }
    Set<IpAddress> served = new HashSet<>();
    for (ServiceKey key : after) {
      if (key instanceof ServiceKey.Address address) {
        served.add(address.address());
      }
    }
    return served;
  }

  private void check(Operation operation, List<String> wrong) {
    if (operation instanceof Operation.Ipvs ipvs) {
      check(ipvs.command(), wrong);
    } else if (operation instanceof Operation.Sets set) {
      check(set.command(), wrong);
    }
  }

  private void check(IpvsCommand command, List<String> wrong) {
    if (!(command.key() instanceof ServiceKey.Address key)) {
      return;
    }
    if (command instanceof IpvsCommand.AddService && !isClaimed(key)) {
      wrong.add(command + ": no set claims it");
    }
    if (command instanceof IpvsCommand.DeleteService) {
      boolean last = services.stream().filter(s -> isAt(s, key.address())).count() == 1;
      if (last && open.contains(key.address()) && !servedAfter.contains(key.address())) {
        wrong.add(command + ": its address is still open");
      }
    }
  }

  private void check(SetCommand command, List<String> wrong) {
    if (command instanceof SetCommand.Add add && !sets.contains(add.set().value())) {
      wrong.add(command + ": there is no such set");
    }
    if (command instanceof SetCommand.Delete delete
        && delete.entry() instanceof SetEntry.IpPort entry
        && isClaimSet(delete.set().value())) {
      ServiceKey.Address key = ServiceKey.of(entry.protocol(), entry.address(), entry.port());
      members.remove(delete.toString().substring(4));
      if (services.contains(key) && !isClaimed(key)) {
        wrong.add(command + ": its service is still there, and nothing else claims it");
      }
    }
  }

  /** What was restricted before and is after is restricted at every moment in between. */
  private void neverOpenToEverybody(
      Operation operation, Set<String> before, Set<String> after, List<String> wrong) {
    for (String member : before) {
      if (member.contains("LOAD-BALANCER-FW ")
          && after.contains(member)
          && !members.contains(member)) {
        wrong.add(operation + ": " + member + " is missing for a moment");
      }
    }
    if (operation instanceof Operation.Vip vip && isOpening(vip.command())) {
      for (String member : after) {
        boolean guard = member.contains("-FW ") || member.contains("SOURCE-CID");
        if (guard && member.contains(" " + vip.address() + ",") && !members.contains(member)) {
          wrong.add(operation + ": opened before " + member);
        }
      }
      services.stream()
          .filter(service -> isAt(service, vip.address()))
          .findAny()
          .ifPresentOrElse(s -> {}, () -> wrong.add(operation + ": nothing serves it"));
    }
  }

  /**
   * The rules let packets pass that a claim covers. Where no virtual service takes them, a program
   * of the host that listens on all addresses gets them.
   */
  private void neverLeadsToTheHost(Operation operation, List<String> wrong) {
    for (ServiceKey.Address key : concerned(operation)) {
      String entry = entry(key);
      boolean passes =
          members.stream().anyMatch(m -> isAddressClaim(set(m)) && m.endsWith(" " + entry));
      boolean refused = members.stream().anyMatch(m -> m.endsWith("-NO-ENDPOINTS " + entry));
      if (open.contains(key.address()) && passes && !services.contains(key) && !refused) {
        wrong.add(operation + ": " + key + " leads to the host");
      }
    }
  }

  /** The services that may look different to clients after that. */
  private Set<ServiceKey.Address> concerned(Operation operation) {
    Set<ServiceKey.Address> keys = new HashSet<>();
    if (operation instanceof Operation.Ipvs ipvs
        && ipvs.command().key() instanceof ServiceKey.Address key) {
      keys.add(key);
    } else if (operation instanceof Operation.Sets set
        && set.command() instanceof SetCommand.Add add
        && add.entry() instanceof SetEntry.IpPort entry) {
      keys.add(ServiceKey.of(entry.protocol(), entry.address(), entry.port()));
    } else if (operation instanceof Operation.Sets set
        && set.command() instanceof SetCommand.Delete delete
        && delete.entry() instanceof SetEntry.IpPort entry) {
      keys.add(ServiceKey.of(entry.protocol(), entry.address(), entry.port()));
    }
    return keys;
  }

  private void apply(Operation operation) {
    applyMembers(operation, members);
    if (operation instanceof Operation.Ipvs ipvs) {
      if (ipvs.command() instanceof IpvsCommand.AddService add) {
        services.add(add.key());
      } else if (ipvs.command() instanceof IpvsCommand.DeleteService delete) {
        services.remove(delete.key());
      }
    } else if (operation instanceof Operation.Vip vip) {
      if (isOpening(vip.command())) {
        open.add(vip.address());
      } else {
        open.remove(vip.address());
      }
    } else if (operation instanceof Operation.Sets set) {
      if (set.command() instanceof SetCommand.Create create) {
        sets.add(create.set().value());
      }
    }
  }

  private static void applyMembers(Operation operation, Set<String> members) {
    if (operation instanceof Operation.Sets set) {
      if (set.command() instanceof SetCommand.Add add) {
        members.add(add.toString().substring(4));
      } else if (set.command() instanceof SetCommand.Delete delete) {
        members.remove(delete.toString().substring(4));
      }
    }
  }

  private static boolean isOpening(RouteCommand command) {
    return command instanceof RouteCommand.AddRoute || command instanceof RouteCommand.AddAddress;
  }

  private static boolean isAt(ServiceKey key, IpAddress address) {
    return key instanceof ServiceKey.Address k && k.address().equals(address);
  }

  private static boolean isClaimSet(String set) {
    return isAddressClaim(set) || set.contains("-NODE-PORT-");
  }

  private static boolean isAddressClaim(String set) {
    return set.endsWith("-CLUSTER-IP")
        || set.endsWith("-EXTERNAL-IP")
        || set.endsWith("-EXTERNAL-IP-LOCAL")
        || set.endsWith("-LOAD-BALANCER");
  }

  private static String set(String member) {
    return member.substring(0, member.indexOf(' '));
  }

  private static String entry(ServiceKey.Address key) {
    return key.address() + "," + key.protocol().lowerCaseName() + ":" + key.port();
  }

  private boolean isClaimed(ServiceKey.Address key) {
    String entry = entry(key);
    return members.stream()
        .filter(member -> isClaimSet(set(member)))
        .map(member -> member.substring(member.indexOf(' ') + 1))
        .anyMatch(text -> text.equals(entry) || text.equals(Integer.toString(key.port())));
  }
}
