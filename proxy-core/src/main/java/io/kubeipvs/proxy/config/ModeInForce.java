package io.kubeipvs.proxy.config;

import io.kubeipvs.net.AddressFamily;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How Services are served, and why so if that is not what was asked for.
 *
 * @param fallbackReason what the kernel lacks
 * @param unserved families that cannot be served on this node, and why
 */
public record ModeInForce(
    ProxyMode mode, Optional<String> fallbackReason, SortedMap<AddressFamily, String> unserved) {
  public static final ModeInForce IPVS = new ModeInForce(ProxyMode.IPVS, Optional.empty());
  public static final ModeInForce IPTABLES = new ModeInForce(ProxyMode.IPTABLES, Optional.empty());

  public ModeInForce {
    unserved = Collections.unmodifiableSortedMap(new TreeMap<>(unserved));
  }

  /** In both families. */
  public ModeInForce(ProxyMode mode, Optional<String> fallbackReason) {
    this(mode, fallbackReason, Collections.emptySortedMap());
  }

  /** The same where some families cannot be served. */
  public ModeInForce without(SortedMap<AddressFamily, String> families) {
    return new ModeInForce(mode, fallbackReason, families);
  }

  /** IPVS was asked for, but this kernel cannot. */
  public static ModeInForce insteadOfIpvs(String reason) {
    return new ModeInForce(ProxyMode.IPTABLES, Optional.of(reason));
  }
}
