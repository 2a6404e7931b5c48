package io.kubeipvs.proxy.config;

import java.util.Locale;

/** How Services are served. Prints as kube-proxy names its modes. */
public enum ProxyMode {
  IPVS,
  IPTABLES;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
