package io.kubeipvs.iptables;

import io.kubeipvs.iptables.TableChange.ChainChange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts chains behind those they jump to: the tools refuse a jump to a chain not yet there. */
final class ChainOrder {
  private final Map<String, ChainChange> changed;
  private final Map<String, List<Rule>> rules;
  private final Map<String, ChainChange> ordered = new LinkedHashMap<>();

  private ChainOrder(Map<String, ChainChange> changed, Map<String, List<Rule>> rules) {
    this.changed = changed;
    this.rules = rules;
  }

  static List<ChainChange> targetsFirst(
      Map<String, ChainChange> changed, Map<String, List<Rule>> rules) {
    ChainOrder order = new ChainOrder(changed, rules);
    changed.keySet().forEach(name -> order.place(name, 0));
    return List.copyOf(order.ordered.values());
  }

  /** A loop of jumps, which the kernel will refuse, must not run for ever here. */
  private void place(String name, int depth) {
    ChainChange change = changed.get(name);
    if (change == null || ordered.containsKey(name) || depth > 64) {
      return;
    }
    for (Rule rule : rules.getOrDefault(name, List.of())) {
      rule.targetChain().ifPresent(target -> place(target.value(), depth + 1));
    }
    ordered.putIfAbsent(name, change);
  }
}
