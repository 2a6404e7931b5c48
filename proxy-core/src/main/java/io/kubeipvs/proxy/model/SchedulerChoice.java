package io.kubeipvs.proxy.model;

import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.ServiceFlags;
import java.util.Set;

/** A scheduler together with the flags given to it. */
public record SchedulerChoice(Scheduler scheduler, ServiceFlags flags) {
  public static final SchedulerChoice ROUND_ROBIN = of(Scheduler.ROUND_ROBIN);

  /**
   * Those that give a server of half the weight half as much. Hashing ones move clients when a
   * weight changes, and {@code fo} and {@code ovf} mean something else by it.
   */
  private static final Set<String> SHARING_BY_WEIGHT =
      Set.of("wrr", "wlc", "lblc", "lblcr", "sed", "nq", "twos");

  public boolean sharesByWeight() {
    return SHARING_BY_WEIGHT.contains(scheduler.name());
  }

  /** With the flags kube-proxy gives: {@code mh-port} for Maglev hashing, none for the others. */
  public static SchedulerChoice of(Scheduler scheduler) {
    return scheduler.equals(Scheduler.MAGLEV_HASHING)
        ? new SchedulerChoice(scheduler, ServiceFlags.NONE.with(ServiceFlags.SCHEDULER_2))
        : new SchedulerChoice(scheduler, ServiceFlags.NONE);
  }
}
