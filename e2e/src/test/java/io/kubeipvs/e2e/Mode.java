package io.kubeipvs.e2e;

import java.util.Locale;

/** In which mode scenarios have the daemon serve: system property {@code kubeipvs.mode}. */
enum Mode {
  IPVS,
  IPTABLES;

  static Mode current() {
    return valueOf(System.getProperty("kubeipvs.mode", "ipvs").toUpperCase(Locale.ROOT));
  }

  static boolean isIptables() {
    return current() == IPTABLES;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
