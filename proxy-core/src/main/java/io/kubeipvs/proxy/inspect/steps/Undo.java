package io.kubeipvs.proxy.inspect.steps;

import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetHeader;
import io.kubeipvs.ipset.SetSpec;
import io.kubeipvs.ipset.SetType;
import io.kubeipvs.iptables.Family;
import io.kubeipvs.iptables.InverseRules;
import io.kubeipvs.iptables.RestoredRules;
import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.route.LocalRoute;
import io.kubeipvs.netlink.route.RouteCommand;
import io.kubeipvs.proxy.apply.KernelMirror;
import io.kubeipvs.proxy.apply.Observation;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.diff.Phase;
import io.kubeipvs.proxy.plan.SetMember;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The steps that take others back, the last of them first. Each inverse is worked out on the state
 * that the step finds. Connections are not brought back, and neither are tracked flows: their next
 * packet makes them anew.
 */
final class Undo {
  private final KernelMirror mirror;
  private final Map<AddressFamily, SavedRules> rules;
  private final List<Step> steps = new ArrayList<>();

  private Undo(Observation before) {
    this.mirror = before.mirror();
    this.rules = new HashMap<>(before.rules());
  }

  /**
   * @param before the kernel as the first of the operations finds it; used up by this
   */
  static List<Step> of(Observation before, List<Operation> operations) throws IOException {
    Undo undo = new Undo(before);
    for (Operation operation : operations) {
      List<Step> inverse = undo.inverse(operation);
      Collections.reverse(inverse);
      undo.steps.addAll(inverse);
      undo.mirror.apply(operation);
    }
    List<Step> lastFirst = undo.steps;
    Collections.reverse(lastFirst);
    return lastFirst;
  }

  private List<Step> inverse(Operation operation) throws IOException {
    if (operation instanceof Operation.Rules written) {
      return rules(written);
    }
    List<Step> inverse = new ArrayList<>();
    for (Operation each : operations(operation)) {
      inverse.add(new Step.Act(each, "takes back: " + operation));
    }
    return inverse;
  }

  private List<Step> rules(Operation.Rules written) throws IOException {
    AddressFamily family = written.family();
    Family tool = family == AddressFamily.IPV4 ? Family.IPV4 : Family.IPV6;
    SavedRules former = rules.getOrDefault(family, SavedRules.NONE);
    SavedRules present = RestoredRules.of(tool, former, written.restore().text());
    rules.put(family, present);
    List<Step> inverse = new ArrayList<>();
    inverse.add(
        new Step.Rules(family, InverseRules.text(former, present), "takes back: " + written));
    return inverse;
  }

  private List<Operation> operations(Operation operation) {
    List<Operation> inverse = new ArrayList<>();
    if (operation instanceof Operation.Ipvs ipvs) {
      ipvs(ipvs.command()).forEach(c -> inverse.add(new Operation.Ipvs(ipvs.phase(), c)));
    } else if (operation instanceof Operation.Sets sets) {
      sets(sets.command()).forEach(c -> inverse.add(new Operation.Sets(sets.phase(), c)));
    } else if (operation instanceof Operation.Vip vip) {
      routes(vip.command()).forEach(c -> inverse.add(vip(vip.address(), c)));
    } else if (operation instanceof Operation.AddDevice device) {
      inverse.add(new Operation.DeleteDevice(device.name()));
    }
    return inverse;
  }

  private static Operation vip(IpAddress address, RouteCommand command) {
    return new Operation.Vip(Phase.OPEN_VIPS, address, false, command);
  }

  private List<IpvsCommand> ipvs(IpvsCommand command) {
    if (command instanceof IpvsCommand.AddService) {
      return List.of(new IpvsCommand.DeleteService(command.key()));
    }
    VirtualService service = mirror.service(command.key());
    if (service == null) {
      return List.of();
    }
    if (command instanceof IpvsCommand.UpdateService) {
      return List.of(new IpvsCommand.UpdateService(service));
    }
    List<IpvsCommand> inverse = new ArrayList<>();
    if (command instanceof IpvsCommand.DeleteService) {
      inverse.add(new IpvsCommand.AddService(service));
      mirror.servers(command.key()).values().stream()
          .map(server -> new IpvsCommand.AddServer(command.key(), server))
          .forEach(inverse::add);
    } else if (command instanceof IpvsCommand.AddServer add) {
      inverse.add(new IpvsCommand.DeleteServer(command.key(), add.server().key()));
    } else if (command instanceof IpvsCommand.UpdateServer update) {
      RealServer former = mirror.servers(command.key()).get(update.server().key());
      if (former != null) {
        inverse.add(new IpvsCommand.UpdateServer(command.key(), former));
      }
    } else if (command instanceof IpvsCommand.DeleteServer delete) {
      RealServer former = mirror.servers(command.key()).get(delete.server());
      if (former != null) {
        inverse.add(new IpvsCommand.AddServer(command.key(), former));
      }
    }
    return inverse;
  }

  private List<SetCommand> sets(SetCommand command) {
    if (command instanceof SetCommand.Create) {
      return List.of(new SetCommand.Destroy(command.set()));
    }
    if (command instanceof SetCommand.Destroy) {
      return recreated(command);
    }
    if (command instanceof SetCommand.Add add) {
      boolean isNew = !mirror.holds(new SetMember(add.set(), add.entry()));
      return isNew ? List.of(new SetCommand.Delete(add.set(), add.entry())) : List.of();
    }
    if (command instanceof SetCommand.Delete delete) {
      boolean wasThere = mirror.holds(new SetMember(delete.set(), delete.entry()));
      return wasThere ? List.of(new SetCommand.Add(delete.set(), delete.entry())) : List.of();
    }
    if (command instanceof SetCommand.Flush) {
      return entries(command);
    }
    if (command instanceof SetCommand.Swap swap) {
      return List.of(new SetCommand.Swap(swap.other(), swap.set()));
    }
    return List.of();
  }

  /** One of a type that we cannot make is not brought back: it was in the way. */
  private List<SetCommand> recreated(SetCommand command) {
    SetHeader header = mirror.set(command.set());
    List<SetCommand> inverse = new ArrayList<>();
    if (header != null) {
      SetType.ofTypeName(header.typeName())
          .map(type -> new SetSpec(command.set(), type, header.family(), header.maximumElements()))
          .map(SetCommand.Create::new)
          .ifPresent(inverse::add);
      inverse.addAll(entries(command));
    }
    return inverse;
  }

  private List<SetCommand> entries(SetCommand command) {
    Set<SetEntry> entries = mirror.entries(command.set());
    List<SetCommand> adds = new ArrayList<>();
    entries.stream().sorted().map(e -> new SetCommand.Add(command.set(), e)).forEach(adds::add);
    return adds;
  }

  private List<RouteCommand> routes(RouteCommand command) {
    if (command instanceof RouteCommand.AddRoute add) {
      LocalRoute former = mirror.route(add.route().destination());
      return List.of(
          former == null
              ? new RouteCommand.DeleteRoute(add.route())
              : new RouteCommand.AddRoute(former));
    }
    if (command instanceof RouteCommand.DeleteRoute delete) {
      LocalRoute former = mirror.route(delete.route().destination());
      return former == null ? List.of() : List.of(new RouteCommand.AddRoute(former));
    }
    if (command instanceof RouteCommand.AddAddress add) {
      boolean isNew = !mirror.hasAddress(add.address().address());
      return isNew
          ? List.of(new RouteCommand.DeleteAddress(add.linkName(), add.address()))
          : List.of();
    }
    return command instanceof RouteCommand.DeleteAddress delete
        ? List.of(new RouteCommand.AddAddress(delete.linkName(), delete.address()))
        : List.of();
  }
}
