package io.kubeipvs.proxy.explain;

import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.plan.Portal;
import io.kubeipvs.proxy.plan.SetMember;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where the kernel is not as the cluster asks: what a sync would do there. */
final class Disagreements {
  private final List<Operation> due;

  /**
   * @param due all that a sync would do now
   */
  Disagreements(List<Operation> due) {
    this.due = List.copyOf(due);
  }

  /** Those that concern packets to that place, in words, with the operation. */
  List<String> at(ServiceKey.Address place, Optional<Portal> portal) {
    List<String> found = new ArrayList<>();
    for (Operation operation : due) {
      if (concerns(operation, place, portal)) {
        found.add(words(operation) + ": " + operation);
      }
    }
    return found;
  }

  private static boolean concerns(
      Operation operation, ServiceKey.Address place, Optional<Portal> portal) {
    if (operation instanceof Operation.Ipvs ipvs) {
      return ipvs.command().key().equals(place);
    }
    if (operation instanceof Operation.Sets sets) {
      return concerns(sets.command(), place, portal);
    }
    if (operation instanceof Operation.Vip vip) {
      return vip.address().equals(place.address());
    }
    return operation instanceof Operation.Rules rules && rules.family() == place.family();
  }

  private static boolean concerns(
      SetCommand command, ServiceKey.Address place, Optional<Portal> portal) {
    if (command instanceof SetCommand.Add add) {
      return isOf(new SetMember(add.set(), add.entry()), place, portal);
    }
    return command instanceof SetCommand.Delete delete
        && isOf(new SetMember(delete.set(), delete.entry()), place, portal);
  }

  private static boolean isOf(SetMember member, ServiceKey.Address place, Optional<Portal> portal) {
    return portal.filter(own -> own.members().contains(member)).isPresent()
        || isAt(member.entry(), place);
  }

  private static boolean isAt(SetEntry entry, ServiceKey.Address place) {
    if (entry instanceof SetEntry.IpPort at) {
      return at.address().equals(place.address())
          && at.port() == place.port()
          && at.protocol().equals(place.protocol());
    }
    if (entry instanceof SetEntry.IpPortNet at) {
      return at.address().equals(place.address()) && at.port() == place.port();
    }
    if (entry instanceof SetEntry.IpPortIp at) {
      return at.address().equals(place.address()) && at.port() == place.port();
    }
    return entry instanceof SetEntry.Ip at && at.address().equals(place.address());
  }

  private static String words(Operation operation) {
    if (operation instanceof Operation.Ipvs ipvs) {
      return words(ipvs.command());
    }
    if (operation instanceof Operation.Sets sets) {
      return sets.command() instanceof SetCommand.Add
          ? "an entry is missing"
          : "an entry is not wanted";
    }
    return operation instanceof Operation.Vip
        ? "the address is not bound as wanted"
        : "rules differ";
  }

  private static String words(IpvsCommand command) {
    if (command instanceof IpvsCommand.AddService) {
      return "the virtual service is missing";
    }
    if (command instanceof IpvsCommand.UpdateService) {
      return "the virtual service is another";
    }
    if (command instanceof IpvsCommand.DeleteService) {
      return "the virtual service is not wanted";
    }
    if (command instanceof IpvsCommand.AddServer) {
      return "a server is missing";
    }
    if (command instanceof IpvsCommand.UpdateServer update) {
      return update.server().weight() == RealServer.DRAINING
          ? "a server is not wanted and has to drain"
          : "a server has another weight";
    }
    return "a server is not wanted";
  }
}
