package io.kubeipvs.ipvs;

/**
 * Counters and rates of a service or a server ({@code IPVS_STATS_ATTR_*}); 64-bit where the kernel
 * has them, widened from 32 where not. Rates are per second, as the kernel's estimator sees them.
 */
public record Statistics(
    long connections,
    long incomingPackets,
    long outgoingPackets,
    long incomingBytes,
    long outgoingBytes,
    long connectionRate,
    long incomingPacketRate,
    long outgoingPacketRate,
    long incomingByteRate,
    long outgoingByteRate) {

  public static final Statistics ZERO = new Statistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
