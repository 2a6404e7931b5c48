package io.kubeipvs.proxy.apply;

import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetFailure;
import io.kubeipvs.iptables.Iptables;
import io.kubeipvs.ipvs.CommandFailure;
import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.netlink.conntrack.FlowFilter;
import io.kubeipvs.netlink.route.RouteCommand;
import io.kubeipvs.netlink.route.RouteFailure;
import io.kubeipvs.proxy.diff.Batch;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.diff.Phase;
import io.kubeipvs.proxy.diff.SetRoles;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

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
        long start = System.nanoTime();
        run.phase(operations);
        run.took.put(phase, Duration.ofNanos(System.nanoTime() - start));
      }
    }
    return new ApplyReport(run.done, run.failures, run.took, run.forgottenFlows);
  }

  /** Asks the kernel; what is asked for more than once is the caller's to remember. */
  public boolean offers(Scheduler scheduler) throws IOException {
    return SchedulerProbe.offers(kernel.ipvs(), scheduler);
  }

  /** One batch on its way. */
  private final class Run {
    private final List<Operation> done = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();
    private final Obstacles obstacles = new Obstacles(kernel.ipvs());
    private final Map<Phase, Duration> took = new EnumMap<>(Phase.class);
    private int forgottenFlows;

    /** The operations of one phase; those of one kind go together, kinds in order of appearance. */
    void phase(List<Operation> operations) {
      List<Operation> ready = new ArrayList<>();
      for (Operation operation : operations) {
        if (obstacles.leadsNowhere(operation)) {
          continue; // that its service could not be made is said already
        }
        String obstacle = obstacles.of(operation);
        if (obstacle == null) {
          ready.add(operation);
        } else {
          failures.add(Failure.leftOut(operation, obstacle));
          obstacles.note(operation);
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

    private void failed(Operation operation, Exception cause) {
      failures.add(Failure.of(operation, cause));
      obstacles.note(operation);
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

    /**
     * A port is refused before packets for it may pass, and until none may: an entry that lets them
     * pass waits for the one that refuses them, which in turn goes only after it. And what claims a
     * service in one set goes only when it is in the other that it moves to.
     */
    private void sets(List<Operation.Sets> operations) {
      List<Operation.Sets> refusing = operations.stream().filter(Run::refuses).toList();
      List<Operation.Sets> others = operations.stream().filter(o -> !refuses(o)).toList();
      boolean deleting = operations.stream().anyMatch(o -> o.phase() == Phase.DELETE_ENTRIES);
      execute(withoutThoseOfFailed(deleting ? others : refusing));
      execute(withoutThoseOfFailed(deleting ? refusing : others));
    }

    private static boolean refuses(Operation.Sets operation) {
      return entry(operation.command()).isPresent() && SetRoles.refuses(operation.command().set());
    }

    private static Optional<SetEntry> entry(SetCommand command) {
      if (command instanceof SetCommand.Add add) {
        return Optional.of(add.entry());
      }
      return command instanceof SetCommand.Delete delete
          ? Optional.of(delete.entry())
          : Optional.empty();
    }

    private List<Operation.Sets> withoutThoseOfFailed(List<Operation.Sets> operations) {
      Set<Optional<SetEntry>> failed = new HashSet<>();
      for (Failure failure : failures) {
        if (failure.operation() instanceof Operation.Sets sets) {
          entry(sets.command()).ifPresent(entry -> failed.add(Optional.of(entry)));
        }
      }
      List<Operation.Sets> rest = new ArrayList<>();
      for (Operation.Sets operation : operations) {
        if (failed.contains(entry(operation.command()))) {
          failures.add(Failure.leftOut(operation, "left out, it depends on one that failed"));
          obstacles.note(operation);
        } else {
          rest.add(operation);
        }
      }
      return rest;
    }

    private void execute(List<Operation.Sets> operations) {
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
          failed(operation, e);
        }
      }
    }

    private void ipvs(List<Operation.Ipvs> operations) {
      List<IpvsCommand> commands = operations.stream().map(Operation.Ipvs::command).toList();
      try {
        if (!commands.isEmpty()) {
          List<CommandFailure> refused = kernel.ipvs().execute(commands);
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
                  && obstacles.isMissing(add.key()));
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
          forgottenFlows += kernel.conntrack().delete(filters);
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
