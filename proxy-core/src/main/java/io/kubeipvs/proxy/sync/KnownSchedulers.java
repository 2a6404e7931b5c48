package io.kubeipvs.proxy.sync;

import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.netlink.Errno;
import io.kubeipvs.proxy.apply.Executor;
import io.kubeipvs.proxy.apply.Failure;
import io.kubeipvs.proxy.apply.KernelMirror;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.model.SchedulerChoice;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.state.ChangeTracker;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Which schedulers of Services the kernel offers. Each is asked for once, before anything is
 * planned with it; one that is in use there is known.
 */
final class KnownSchedulers {
  private static final Logger LOG = LogManager.getLogger(SyncLoop.class);

  private final Executor executor;
  private final NodeContext context;
  private final Scheduler byDefault;

  /** Those of Services that the kernel was asked for. */
  private final Set<Scheduler> asked = new HashSet<>();

  /**
   * @param context is told of those that the kernel lacks
   */
  KnownSchedulers(Executor executor, NodeContext context) {
    this.executor = executor;
    this.context = context;
    this.byDefault = context.plan().settings().scheduler().scheduler();
  }

  /**
   * Asks for what these Services choose.
   *
   * @throws IOException when the kernel could not be asked; it is to be asked again
   */
  void learn(Set<ServiceName> services, ChangeTracker tracker, KernelMirror seen)
      throws IOException {
    for (ServiceName name : services) {
      Optional<Scheduler> chosen =
          tracker
              .input(name)
              .service()
              .flatMap(service -> service.settings().scheduler())
              .map(SchedulerChoice::scheduler);
      if (chosen.isPresent() && asked.add(chosen.get()) && !seen.uses(chosen.get())) {
        ask(chosen.get());
      }
    }
  }

  private void ask(Scheduler scheduler) throws IOException {
    try {
      if (!executor.offers(scheduler)) {
        refuse(scheduler);
      }
    } catch (IOException e) {
      asked.remove(scheduler);
      throw e;
    }
  }

  /**
   * The kernel may lose one that it had.
   *
   * @return whether it has, so that its Services must be planned anew
   */
  boolean learnFrom(List<Failure> failures) {
    boolean lost = false;
    for (Failure failure : failures) {
      Scheduler scheduler = schedulerOf(failure.operation());
      boolean unknown = failure.errno().filter(Errno.ENOENT::equals).isPresent();
      if (unknown && scheduler != null && !scheduler.equals(byDefault)) {
        refuse(scheduler);
        lost = true;
      }
    }
    return lost;
  }

  private void refuse(Scheduler scheduler) {
    LOG.warn("the kernel does not offer the scheduler {}: its Services get the default", scheduler);
    context.refuse(scheduler);
  }

  private static @Nullable Scheduler schedulerOf(Operation operation) {
    if (operation instanceof Operation.Ipvs ipvs) {
      if (ipvs.command() instanceof IpvsCommand.AddService add) {
        return add.service().scheduler();
      }
      if (ipvs.command() instanceof IpvsCommand.UpdateService update) {
        return update.service().scheduler();
      }
    }
    return null;
  }
}
