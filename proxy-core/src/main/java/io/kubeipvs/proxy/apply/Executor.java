package io.kubeipvs.proxy.apply;

import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetFailure;
import io.kubeipvs.iptables.Iptables;
import io.kubeipvs.ipvs.CommandFailure;
import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.conntrack.FlowFilter;
import io.kubeipvs.netlink.route.RouteCommand;
import io.kubeipvs.netlink.route.RouteFailure;
import io.kubeipvs.proxy.diff.Batch;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.diff.Phase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Carries batches out, phase by phase, each with as few system calls as it takes. A failure never
 * stops what does not build on it; what does is left out and reported with it.
 */
public final class Executor {
  private final Kernel kernel;

  public Executor(Kernel kernel) {
    this.kernel = kernel;
  }

  /** Never throws for what the kernel refuses or a system call fails: those are in the report. */
  public ApplyReport apply(Batch batch) {
    Run run = new Run();
    for (Phase phase : Phase.values()) {
      List<Operation> operations =
          batch.operations().stream().filter(o -> o.phase() == phase).toList();
      if (!operations.isEmpty()) {
        run.phase(operations);
      }
    }
    return new ApplyReport(run.done, run.failures);
  }

  /** Asks the kernel; what is asked for more than once is the caller's to remember. */
  public boolean offers(Scheduler scheduler) throws IOException {
    return SchedulerProbe.offers(kernel.ipvs(), scheduler);
  }

  /** One batch on its way. */
  private final class Run {
    private final List<Operation> done = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();

    /** Addresses whose set entries could not be written. */
    private final Set<IpAddress> unclaimed = new HashSet<>();

    /** Node ports whose set entries could not be written. */
    private final Set<Integer> unclaimedPorts = new HashSet<>();

    /** Addresses that could not be closed. */
    private final Set<IpAddress> unclosed = new HashSet<>();

    /** Services that could not be deleted. */
    private final Set<ServiceKey> undeleted = new HashSet<>();

    /** Services that could not be made. */
    private final Set<ServiceKey> missing = new HashSet<>();

    /** Families whose rules could not be written. */
    private final Set<AddressFamily> unguarded = EnumSet.noneOf(AddressFamily.class);

    /** The operations of one phase; those of one kind go together, kinds in order of appearance. */
    void phase(List<Operation> operations) {
      List<Operation> ready = new ArrayList<>();
      for (Operation operation : operations) {
        if (leadsNowhere(operation)) {
          continue; // that its service could not be made is said already
        }
        String obstacle = obstacle(operation);
        if (obstacle == null) {
          ready.add(operation);
        } else {
          failures.add(Failure.leftOut(operation, obstacle));
          note(operation);
        }
      }
      devices(kind(ready, Operation.AddDevice.class));
      sets(kind(ready, Operation.Sets.class));
      rules(kind(ready, Operation.Rules.class));
      ipvs(kind(ready, Operation.Ipvs.class));
      vips(kind(ready, Operation.Vip.class));
      flows(kind(ready, Operation.ForgetFlows.class));
    }

    private <T extends Operation> List<T> kind(List<Operation> operations, Class<T> type) {
      return operations.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Why the operation must not be carried out, given what failed before; null when it may. */
    private @Nullable String obstacle(Operation operation) {
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
      return null;
    }

    /** An address without a virtual service leads to whatever the host itself serves there. */
    private boolean leadsNowhere(Operation operation) {
      return operation.phase() == Phase.OPEN_VIPS
          && operation instanceof Operation.Vip vip
          && missing.stream().anyMatch(key -> isAt(vip.address(), key))
          && !isServed(vip.address());
    }

    private static boolean isAt(IpAddress address, ServiceKey key) {
      return key instanceof ServiceKey.Address own && own.address().equals(address);
    }

    private boolean isServed(IpAddress address) {
      try {
        return kernel.ipvs().services().stream()
            .anyMatch(observed -> isAt(address, observed.service().key()));
      } catch (IOException e) {
        return false; // to be looked into again, as after every failure
      }
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
    private void note(Operation operation) {
      if (operation instanceof Operation.Sets sets) {
        noteUnclaimed(sets);
      } else if (operation instanceof Operation.Vip vip) {
        if (vip.phase() == Phase.CLOSE_VIPS) {
          unclosed.add(vip.address());
        }
      } else if (operation instanceof Operation.Ipvs ipvs
          && ipvs.command() instanceof IpvsCommand.DeleteService delete) {
        undeleted.add(delete.key());
      }
    }

    private void failed(Operation operation, Exception cause) {
      failures.add(Failure.of(operation, cause));
      note(operation);
    }

    private void devices(List<Operation.AddDevice> operations) {
      for (Operation.AddDevice operation : operations) {
        try {
          kernel.routes().addDummy(operation.name());
          done.add(operation);
        } catch (IOException e) {
          failures.add(Failure.of(operation, e));
        }
      }
    }

    private void sets(List<Operation.Sets> operations) {
      List<SetCommand> commands = operations.stream().map(Operation.Sets::command).toList();
      try {
        if (!commands.isEmpty()) {
          List<SetFailure> refused = kernel.sets().execute(commands);
          sort(
              operations, Operation.Sets::command, refused, SetFailure::command, SetFailure::cause);
        }
      } catch (IOException e) {
        failAll(operations, e);
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
      } else if (entry instanceof SetEntry.IpPortNet e) {
        unclaimed.add(e.address());
      } else if (entry instanceof SetEntry.Ip e) {
        unclaimed.add(e.address());
      } else if (entry instanceof SetEntry.Port e) {
        unclaimedPorts.add(e.port());
      }
    }

    private void rules(List<Operation.Rules> operations) {
      for (Operation.Rules operation : operations) {
        Iptables iptables = kernel.iptables().get(operation.family());
        try {
          if (iptables == null) {
            throw new IOException("there is no tool for this family");
          }
          iptables.restore(operation.restore());
          done.add(operation);
        } catch (IOException e) {
          unguarded.add(operation.family());
          failures.add(Failure.of(operation, e));
        }
      }
    }

    private void ipvs(List<Operation.Ipvs> operations) {
      List<IpvsCommand> commands = operations.stream().map(Operation.Ipvs::command).toList();
      try {
        if (!commands.isEmpty()) {
          List<CommandFailure> refused = new ArrayList<>();
          for (CommandFailure failure : kernel.ipvs().execute(commands)) {
            if (failure.command() instanceof IpvsCommand.AddService) {
              missing.add(failure.command().key());
            }
            refused.add(failure);
          }
          sort(
              operations,
              Operation.Ipvs::command,
              refused,
              CommandFailure::command,
              CommandFailure::cause);
        }
      } catch (IOException e) {
        failAll(operations, e);
      }
      // That a service could not be made is said once, not again for each of its servers.
      failures.removeIf(
          failure ->
              failure.operation() instanceof Operation.Ipvs ipvs
                  && ipvs.command() instanceof IpvsCommand.AddServer add
                  && missing.contains(add.key()));
    }

    private void vips(List<Operation.Vip> operations) {
      IdentityHashMap<Operation, RouteCommand> commands = new IdentityHashMap<>();
      try {
        LinkIndexes indexes = new LinkIndexes(kernel.routes());
        for (Operation.Vip operation : operations) {
          commands.put(operation, indexes.resolve(operation.command()));
        }
        if (!commands.isEmpty()) {
          List<RouteCommand> inOrder = operations.stream().map(commands::get).toList();
          List<RouteFailure> refused = kernel.routes().execute(inOrder);
          sort(operations, commands::get, refused, RouteFailure::command, RouteFailure::cause);
        }
      } catch (IOException e) {
        failAll(operations, e);
      }
    }

    private void flows(List<Operation.ForgetFlows> operations) {
      List<FlowFilter> filters = operations.stream().map(Operation.ForgetFlows::filter).toList();
      try {
        if (!filters.isEmpty()) {
          kernel.conntrack().delete(filters);
          done.addAll(operations);
        }
      } catch (IOException e) {
        failAll(operations, e);
      }
    }

    /** Tells the operations that were refused from those that were carried out. */
    private <O extends Operation, C, F> void sort(
        List<O> operations,
        Function<O, C> command,
        List<F> refused,
        Function<F, C> refusedCommand,
        Function<F, ? extends Exception> cause) {
      IdentityHashMap<C, Exception> causes = new IdentityHashMap<>();
      refused.forEach(f -> causes.put(refusedCommand.apply(f), cause.apply(f)));
      for (O operation : operations) {
        Exception reason = causes.get(command.apply(operation));
        if (reason == null) {
          done.add(operation);
        } else {
          failed(operation, reason);
        }
      }
    }

    private void failAll(List<? extends Operation> operations, IOException e) {
      operations.forEach(operation -> failed(operation, e));
    }
  }
}
