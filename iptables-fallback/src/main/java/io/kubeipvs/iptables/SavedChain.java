package io.kubeipvs.iptables;

import java.util.List;

/**
 * A chain as {@code iptables-save} shows it.
 *
 * @param policy {@code ACCEPT} or {@code DROP} for a built-in chain, {@code -} for the others
 * @param rules each one's text behind {@code -A CHAIN}, without counters
 * @param counted by each of the rules; empty where the tool was not asked for it
 */
public record SavedChain(String name, String policy, List<String> rules, List<Counted> counted) {
  static final String NO_POLICY = "-";

  public SavedChain {
    rules = List.copyOf(rules);
    counted = List.copyOf(counted);
    if (!counted.isEmpty() && counted.size() != rules.size()) {
      throw new IllegalArgumentException(
          name + " has " + rules.size() + " rules and " + counted.size() + " counters");
    }
  }

  SavedChain(String name, String policy, List<String> rules) {
    this(name, policy, rules, List.of());
  }

  /** Of the rule at that place, from 0. */
  public Counted counted(int rule) {
    return counted.isEmpty() ? Counted.NOTHING : counted.get(rule);
  }

  public boolean isBuiltIn() {
    return !policy.equals(NO_POLICY);
  }
}
