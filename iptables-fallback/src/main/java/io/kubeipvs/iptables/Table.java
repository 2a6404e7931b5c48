package io.kubeipvs.iptables;

import java.util.List;
import java.util.Locale;

/**
 * The tables we write to. The order of the constants is the order in one restore: each table is
 * committed for itself, and a firewall should stand before the translation that leads through it.
 */
public enum Table {
  FILTER,
  NAT,
  MANGLE;

  /** In the order {@code iptables-save} prints them. */
  public List<String> builtInChains() {
    return switch (this) {
      case FILTER -> List.of("INPUT", "FORWARD", "OUTPUT");
      case NAT -> List.of("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING");
      case MANGLE -> List.of("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING");
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
