package io.kubeipvs.iptables;

import java.util.List;

/**
 * A chain as {@code iptables-save} shows it.
 *
 * @param policy {@code ACCEPT} or {@code DROP} for a built-in chain, {@code -} for the others
 * @param rules each one's text behind {@code -A CHAIN}, without counters
 */
public record SavedChain(String name, String policy, List<String> rules) {
  static final String NO_POLICY = "-";

  public SavedChain {
    rules = List.copyOf(rules);
  }

  public boolean isBuiltIn() {
    return !policy.equals(NO_POLICY);
  }
}
