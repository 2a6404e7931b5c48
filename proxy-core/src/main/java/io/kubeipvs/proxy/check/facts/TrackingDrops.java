package io.kubeipvs.proxy.check.facts;

/**
 * What connection tracking could not take.
 *
 * @param dropped packets lost because the table was full
 * @param early entries thrown out to make room
 * @param failed entries that another one stood in the way of
 */
public record TrackingDrops(long dropped, long early, long failed) {}
