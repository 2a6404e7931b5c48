package io.kubeipvs.proxy.sync;

import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.netlink.route.LocalRoute;
import io.kubeipvs.netlink.route.RouteCommand;
import io.kubeipvs.proxy.diff.ObservedState;
import io.kubeipvs.proxy.diff.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An operation that nothing had asked for: somebody else had changed the kernel.
 *
 * @param found what was there in its place; null where nothing was, or nothing to compare
 */
public record Repair(Operation operation, @Nullable Object found) {
  private static final String THERE = "there";
  private static final String MISSING = "missing";

  /** One thing that was not as it should be. */
  public record Difference(String field, String expected, String found) {
    @Override
    public String toString() {
      return field + ": expected " + expected + ", found " + found;
    }
  }

  static Repair of(Operation operation, ObservedState before) {
    return new Repair(operation, found(operation, before));
  }

  private static @Nullable Object found(Operation operation, ObservedState before) {
    if (operation instanceof Operation.Ipvs ipvs) {
      if (ipvs.command() instanceof IpvsCommand.UpdateService update) {
        return before.service(update.key());
      }
      if (ipvs.command() instanceof IpvsCommand.UpdateServer update) {
        return before.servers(update.key()).get(update.server().key());
      }
    }
    return operation instanceof Operation.Vip vip ? before.route(vip.address()) : null;
  }

  /** Field by field, worked out when somebody wants to read it. */
  public List<Difference> differences() {
    if (operation instanceof Operation.Ipvs ipvs) {
      return of(ipvs.command());
    }
    if (operation instanceof Operation.Sets sets) {
      return List.of(of(sets.command()));
    }
    if (operation instanceof Operation.Vip vip) {
      return List.of(of(vip.command()));
    }
    if (operation instanceof Operation.Rules rules) {
      return List.of(new Difference("rules", "ours", "others (" + rules.restore().summary() + ")"));
    }
    if (operation instanceof Operation.ServiceRules) {
      return List.of(new Difference("rules", "ours", "others"));
    }
    return List.of(missing(operation instanceof Operation.AddDevice ? "device" : "object"));
  }

  private List<Difference> of(IpvsCommand command) {
    if (command instanceof IpvsCommand.AddService) {
      return List.of(missing("virtual service"));
    }
    if (command instanceof IpvsCommand.AddServer) {
      return List.of(missing("real server"));
    }
    if (command instanceof IpvsCommand.UpdateService update
        && found instanceof VirtualService former) {
      return compare(update.service(), former);
    }
    if (command instanceof IpvsCommand.UpdateServer update && found instanceof RealServer former) {
      return compare(update.server(), former);
    }
    return List.of(
        surplus(command instanceof IpvsCommand.DeleteServer ? "real server" : "virtual service"));
  }

  private static List<Difference> compare(VirtualService wanted, VirtualService former) {
    List<Difference> all = new ArrayList<>();
    add(all, "scheduler", wanted.scheduler(), former.scheduler());
    add(all, "flags", wanted.flags().bits(), former.flags().bits());
    add(all, "persistence", wanted.persistenceSeconds(), former.persistenceSeconds());
    add(all, "netmask", wanted.netmask(), former.netmask());
    add(all, "persistence engine", wanted.persistenceEngine(), former.persistenceEngine());
    return all;
  }

  private static List<Difference> compare(RealServer wanted, RealServer former) {
    List<Difference> all = new ArrayList<>();
    add(all, "weight", wanted.weight(), former.weight());
    add(all, "forwarding method", wanted.method().number(), former.method().number());
    add(all, "upper threshold", wanted.upperThreshold(), former.upperThreshold());
    add(all, "lower threshold", wanted.lowerThreshold(), former.lowerThreshold());
    add(all, "tunnel", wanted.tunnel(), former.tunnel());
    return all;
  }

  private static void add(List<Difference> all, String field, Object wanted, Object former) {
    if (!Objects.equals(wanted, former)) {
      all.add(new Difference(field, "" + wanted, "" + former));
    }
  }

  private static Difference of(SetCommand command) {
    if (command instanceof SetCommand.Add) {
      return missing("entry");
    }
    return command instanceof SetCommand.Delete ? surplus("entry") : missing("set");
  }

  private Difference of(RouteCommand command) {
    if (command instanceof RouteCommand.AddRoute add && found instanceof LocalRoute former) {
      return new Difference("source", source(add.route()), source(former));
    }
    if (command instanceof RouteCommand.AddRoute) {
      return missing("route");
    }
    if (command instanceof RouteCommand.AddAddress) {
      return missing("address");
    }
    return surplus(command instanceof RouteCommand.DeleteRoute ? "route" : "address");
  }

  private static String source(LocalRoute route) {
    return route.source().map(Object::toString).orElse("none");
  }

  private static Difference missing(String field) {
    return new Difference(field, THERE, MISSING);
  }

  private static Difference surplus(String field) {
    return new Difference(field, "absent", THERE);
  }

  @Override
  public String toString() {
    return operation.toString();
  }
}
