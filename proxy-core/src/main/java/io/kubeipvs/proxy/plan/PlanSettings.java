package io.kubeipvs.proxy.plan;

import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.proxy.model.SchedulerChoice;
import io.kubeipvs.proxy.model.ServiceSettings;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The proxy's own settings as far as plans depend on them.
 *
 * @param scheduler for Services that choose none
 * @param drainTimeout for Services that choose none
 * @param refusedSchedulers those the kernel was found not to offer; a Service that chose one gets
 *     the default instead of a broken virtual service
 */
public record PlanSettings(
    SchedulerChoice scheduler, Optional<Duration> drainTimeout, Set<Scheduler> refusedSchedulers) {

  public static final PlanSettings DEFAULT =
      new PlanSettings(SchedulerChoice.ROUND_ROBIN, Optional.empty(), Set.of());

  public PlanSettings {
    SortedSet<Scheduler> sorted = new TreeSet<>(Comparator.comparing(Scheduler::name));
    sorted.addAll(refusedSchedulers);
    refusedSchedulers = Collections.unmodifiableSortedSet(sorted);
  }

  /** The Service's own scheduler, or the proxy's where it has none or the kernel lacks it. */
  public SchedulerChoice schedulerOf(ServiceSettings own) {
    return own.scheduler()
        .filter(choice -> !refusedSchedulers.contains(choice.scheduler()))
        .orElse(scheduler);
  }

  /** Only where weights decide who gets how much. */
  public Optional<SlowStart> slowStartOf(ServiceSettings own) {
    return own.slowStart().filter(d -> schedulerOf(own).sharesByWeight()).map(SlowStart::new);
  }

  /** The same, knowing of one more scheduler that the kernel does not offer. */
  public PlanSettings without(Scheduler refused) {
    Set<Scheduler> all = new HashSet<>(refusedSchedulers);
    all.add(refused);
    return new PlanSettings(scheduler, drainTimeout, all);
  }
}
