package io.kubeipvs.iptables;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one family's tables should hold of ours. It may be a part of all we have there: chains that
 * are neither in it nor obsolete are nobody's business here.
 *
 * @param chains chains that are ours, with all their rules in order
 * @param leeway of some of {@code chains}
 * @param jumps rules in built-in chains, in the order in which missing ones are inserted
 */
public record RuleSet(
    Family family,
    SortedMap<ChainKey, List<Rule>> chains,
    SortedMap<ChainKey, Leeway> leeway,
    List<Jump> jumps,
    Obsolete obsolete) {

  public RuleSet {
    SortedMap<ChainKey, List<Rule>> copy = new TreeMap<>();
    chains.forEach((key, rules) -> copy.put(key, List.copyOf(rules)));
    chains = Collections.unmodifiableSortedMap(copy);
    leeway = Collections.unmodifiableSortedMap(new TreeMap<>(leeway));
    jumps = jumps.stream().distinct().toList();
    for (ChainKey key : chains.keySet()) {
      if (key.table().builtInChains().contains(key.name().value())) {
        throw new IllegalArgumentException(key + " is a built-in chain, it cannot be ours");
      }
    }
  }

  public static RuleSet of(Family family, Map<ChainKey, List<Rule>> chains, List<Jump> jumps) {
    return new RuleSet(
        family, new TreeMap<>(chains), Collections.emptySortedMap(), jumps, Obsolete.NOTHING);
  }

  public RuleSet withLeeway(Map<ChainKey, Leeway> newLeeway) {
    return new RuleSet(family, chains, new TreeMap<>(newLeeway), jumps, obsolete);
  }

  /**
   * The same with these parts: their chains, and their shared rules at the head of the chains they
   * are for.
   */
  public RuleSet with(Collection<RulePart> parts) {
    SortedMap<ChainKey, List<Rule>> all = new TreeMap<>(chains);
    Map<ChainKey, List<Rule>> heads = new HashMap<>();
    for (RulePart part : parts) {
      all.putAll(part.chains());
      part.shared()
          .forEach(
              shared ->
                  heads
                      .computeIfAbsent(shared.chain(), any -> new ArrayList<>())
                      .add(shared.rule()));
    }
    heads.forEach(
        (chain, rules) -> {
          rules.addAll(all.getOrDefault(chain, List.of()));
          all.put(chain, rules);
        });
    return new RuleSet(family, all, leeway, jumps, obsolete);
  }

  public RuleSet withObsolete(Obsolete newObsolete) {
    return new RuleSet(family, chains, leeway, jumps, newObsolete);
  }

  /**
   * The set that wants nothing and calls all of this one obsolete: what a clean-up applies. Chains
   * that others write into as well stay, with the jumps to them.
   */
  public RuleSet removal() {
    List<Jump> allJumps = new ArrayList<>(jumps);
    allJumps.removeIf(jump -> isAmongOthers(jump.target()));
    allJumps.addAll(obsolete.jumps());
    List<ChainPattern> allChains = new ArrayList<>(obsolete.chains());
    chains.keySet().stream()
        .filter(key -> !isAmongOthers(key))
        .forEach(key -> allChains.add(ChainPattern.of(key)));
    return of(family, Map.of(), List.of()).withObsolete(new Obsolete(allJumps, allChains));
  }

  /**
   * What of it can be there beside rules that still serve: chains of names that are not taken, and
   * the jumps to them.
   */
  public RuleSet beside(SavedRules present) {
    SortedMap<ChainKey, List<Rule>> free = new TreeMap<>(chains);
    free.keySet()
        .removeIf(key -> present.table(key.table()).chains().containsKey(key.name().value()));
    List<Jump> toThem = jumps.stream().filter(jump -> free.containsKey(jump.target())).toList();
    return new RuleSet(family, free, Collections.emptySortedMap(), toThem, Obsolete.NOTHING);
  }

  /** The same, leaving all else that is there: as if others wrote into the same chains. */
  public RuleSet onlyAdding() {
    SortedMap<ChainKey, Leeway> amongOthers = new TreeMap<>();
    leeway.keySet().forEach(chain -> amongOthers.put(chain, Leeway.AMONG_OTHERS));
    return new RuleSet(family, chains, amongOthers, jumps, Obsolete.NOTHING);
  }

  private boolean isAmongOthers(ChainKey chain) {
    return leeway.getOrDefault(chain, Leeway.ANY_ORDER).amongOthers();
  }

  /** As {@code iptables-save} shows it on a machine where nothing else has rules. */
  @Override
  public String toString() {
    return SavedRules.of(this).text();
  }
}
