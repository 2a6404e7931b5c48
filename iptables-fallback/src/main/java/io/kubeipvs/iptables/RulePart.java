package io.kubeipvs.iptables;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one owner has among the rules of a {@link RuleSet}.
 *
 * @param chains its own, with all their rules; no two owners have the same
 * @param shared its rules in chains with a {@link Leeway}, where their order means nothing
 */
public record RulePart(SortedMap<ChainKey, List<Rule>> chains, List<SharedRule> shared) {
  public static final RulePart NOTHING = new RulePart(Collections.emptySortedMap(), List.of());

  public RulePart {
    chains = Collections.unmodifiableSortedMap(new TreeMap<>(chains));
    shared = List.copyOf(shared);
  }
}
