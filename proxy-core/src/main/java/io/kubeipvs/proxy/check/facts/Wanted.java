package io.kubeipvs.proxy.check.facts;

import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.proxy.config.ProxyMode;
import java.util.Optional;

/**
 * Settings of the proxy that decide what a node must be like.
 *
 * @param mode in which it serves, or would
 * @param fallbackReason why that is not IPVS mode though it was asked for
 * @param localhostNodePorts whether iptables mode serves node ports on 127.0.0.0/8
 */
public record Wanted(
    ProxyMode mode,
    Optional<String> fallbackReason,
    Scheduler scheduler,
    boolean strictArp,
    boolean vipsByAddress,
    boolean localhostNodePorts) {
  public static final Wanted DEFAULT = ipvs(Scheduler.ROUND_ROBIN, false, false);

  /** Of a proxy in IPVS mode. */
  public static Wanted ipvs(Scheduler scheduler, boolean strictArp, boolean vipsByAddress) {
    return new Wanted(ProxyMode.IPVS, Optional.empty(), scheduler, strictArp, vipsByAddress, false);
  }

  /** Of a proxy that serves by chains of rules. */
  public static Wanted iptables(
      Optional<String> fallbackReason, boolean strictArp, boolean localhostNodePorts) {
    return new Wanted(
        ProxyMode.IPTABLES,
        fallbackReason,
        Scheduler.ROUND_ROBIN,
        strictArp,
        false,
        localhostNodePorts);
  }
}
