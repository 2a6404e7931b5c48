package io.kubeipvs.proxy.config;

import java.util.Optional;

/**
 * How Services are served, and why so if that is not what was asked for.
 *
 * @param fallbackReason what the kernel lacks
 */
public record ModeInForce(ProxyMode mode, Optional<String> fallbackReason) {
  public static final ModeInForce IPVS = new ModeInForce(ProxyMode.IPVS, Optional.empty());
  public static final ModeInForce IPTABLES = new ModeInForce(ProxyMode.IPTABLES, Optional.empty());

  /** IPVS was asked for, but this kernel cannot. */
  public static ModeInForce insteadOfIpvs(String reason) {
    return new ModeInForce(ProxyMode.IPTABLES, Optional.of(reason));
  }
}
