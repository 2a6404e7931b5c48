package io.kubeipvs.proxy.check.facts;

import io.kubeipvs.ipvs.Scheduler;

/** Settings of the proxy that decide what a node must be like. */
public record Wanted(Scheduler scheduler, boolean strictArp, boolean vipsByAddress) {
  public static final Wanted DEFAULT = new Wanted(Scheduler.ROUND_ROBIN, false, false);
}
