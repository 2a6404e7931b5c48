package io.kubeipvs.netlink;

/**
 * A refused request of a batch.
 *
 * @param index of the request in the batch
 */
public record BatchFailure(int index, NetlinkException cause) {}
