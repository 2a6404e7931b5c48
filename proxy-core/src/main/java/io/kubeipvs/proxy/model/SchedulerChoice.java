package io.kubeipvs.proxy.model;

import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.ServiceFlags;

/** A scheduler together with the flags given to it. */
public record SchedulerChoice(Scheduler scheduler, ServiceFlags flags) {
  public static final SchedulerChoice ROUND_ROBIN = of(Scheduler.ROUND_ROBIN);

  /** With the flags kube-proxy gives: {@code mh-port} for Maglev hashing, none for the others. */
  public static SchedulerChoice of(Scheduler scheduler) {
    return scheduler.equals(Scheduler.MAGLEV_HASHING)
        ? new SchedulerChoice(scheduler, ServiceFlags.NONE.with(ServiceFlags.SCHEDULER_2))
        : new SchedulerChoice(scheduler, ServiceFlags.NONE);
  }
}
