package io.kubeipvs.iptables;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one family's tables should hold of ours. It may be a part of all we have there: chains that
 * are neither in it nor obsolete are nobody's business here.
 *
 * @param chains chains that are ours, with all their rules in order
 * @param jumps rules in built-in chains, in the order in which missing ones are inserted
 */
public record RuleSet(
    Family family, SortedMap<ChainKey, List<Rule>> chains, List<Jump> jumps, Obsolete obsolete) {

  public RuleSet {
    SortedMap<ChainKey, List<Rule>> copy = new TreeMap<>();
    chains.forEach((key, rules) -> copy.put(key, List.copyOf(rules)));
    chains = Collections.unmodifiableSortedMap(copy);
    jumps = jumps.stream().distinct().toList();
    for (ChainKey key : chains.keySet()) {
      if (key.table().builtInChains().contains(key.name().value())) {
        throw new IllegalArgumentException(key + " is a built-in chain, it cannot be ours");
      }
    }
  }

  public static RuleSet of(Family family, Map<ChainKey, List<Rule>> chains, List<Jump> jumps) {
    return new RuleSet(family, new TreeMap<>(chains), jumps, Obsolete.NOTHING);
  }

  public RuleSet withObsolete(Obsolete newObsolete) {
    return new RuleSet(family, chains, jumps, newObsolete);
  }

  /** The set that wants nothing and calls all of this one obsolete: what a clean-up applies. */
  public RuleSet removal() {
    List<Jump> allJumps = new ArrayList<>(jumps);
    allJumps.addAll(obsolete.jumps());
    List<ChainPattern> allChains = new ArrayList<>(obsolete.chains());
    chains.keySet().forEach(key -> allChains.add(ChainPattern.of(key)));
    return of(family, Map.of(), List.of()).withObsolete(new Obsolete(allJumps, allChains));
  }

  /** As {@code iptables-save} shows it on a machine where nothing else has rules. */
  @Override
  public String toString() {
    return SavedRules.of(this).text();
  }
}
