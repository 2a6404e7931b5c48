package io.kubeipvs.ipvs;

import io.kubeipvs.net.AddressFamily;

/**
 * A virtual service as {@code ipvsadm -A} describes it.
 *
 * @param persistenceSeconds the persistence timeout; 0 unless {@link ServiceFlags#PERSISTENT}
 * @param netmask granularity of persistence: an IPv4 mask as a number ({@code 0xffffffff}), or an
 *     IPv6 prefix length (128)
 * @param persistenceEngine name of the persistence engine ({@code sip}), or empty
 */
public record VirtualService(
    ServiceKey key,
    Scheduler scheduler,
    ServiceFlags flags,
    int persistenceSeconds,
    int netmask,
    String persistenceEngine) {

  /** Without flags, persistence or an engine; the netmask is the family's widest. */
  public static VirtualService of(ServiceKey key, Scheduler scheduler) {
    return new VirtualService(key, scheduler, ServiceFlags.NONE, 0, hostMask(key.family()), "");
  }

  /** The netmask of a single host: {@code 0xffffffff} for IPv4, 128 for IPv6. */
  public static int hostMask(AddressFamily family) {
    return family == AddressFamily.IPV4 ? 0xffff_ffff : 128;
  }

  /** The same service, sending a client to the same real server for that long after its last. */
  public VirtualService withPersistence(int seconds) {
    return new VirtualService(
        key, scheduler, flags.with(ServiceFlags.PERSISTENT), seconds, netmask, persistenceEngine);
  }

  public VirtualService withFlags(int moreFlags) {
    return new VirtualService(
        key, scheduler, flags.with(moreFlags), persistenceSeconds, netmask, persistenceEngine);
  }

  @Override
  public String toString() {
    return IpvsadmText.service(this);
  }
}
