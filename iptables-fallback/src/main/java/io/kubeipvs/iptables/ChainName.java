package io.kubeipvs.iptables;

import java.util.Set;

/** A chain's name: 1 to 28 characters ({@code XT_EXTENSION_MAXNAMELEN} is 29 with the zero). */
public record ChainName(String value) implements Comparable<ChainName> {
  public static final int MAXIMUM_LENGTH = 28;

  /** A chain may not be called like a target: {@code -j} could not tell them apart. */
  private static final Set<String> TARGETS =
      Set.of("ACCEPT", "DROP", "RETURN", "QUEUE", "REJECT", "MARK", "MASQUERADE", "DNAT", "SNAT");

  public ChainName {
    Words.requireName("chain", value, MAXIMUM_LENGTH);
    if (TARGETS.contains(value)) {
      throw new IllegalArgumentException("'" + value + "' is a target, not a chain");
    }
  }

  @Override
  public int compareTo(ChainName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
