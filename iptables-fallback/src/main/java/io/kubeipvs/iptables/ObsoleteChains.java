package io.kubeipvs.iptables;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Chains to delete. One that a rule of somebody else's jumps to cannot be (the tool would refuse,
 * and with it everything else in that restore): it is emptied, so that it does nothing any more,
 * and reported.
 */
record ObsoleteChains(List<String> toFlush, List<String> toDelete, List<String> problems) {

  static ObsoleteChains find(
      RuleSet wanted, Table table, Map<String, List<Rule>> chains, SavedTable observed) {
    Set<String> obsolete = new LinkedHashSet<>();
    List<ChainPattern> patterns =
        wanted.obsolete().chains().stream().filter(p -> p.table() == table).toList();
    for (SavedChain chain : observed.chains().values()) {
      if (!chain.isBuiltIn()
          && !chains.containsKey(chain.name())
          && patterns.stream().anyMatch(pattern -> pattern.matches(chain))) {
        obsolete.add(chain.name());
      }
    }
    if (obsolete.isEmpty()) {
      return new ObsoleteChains(List.of(), List.of(), List.of());
    }
    return split(obsolete, references(wanted, table, chains, obsolete, observed), observed);
  }

  private static ObsoleteChains split(
      Set<String> obsolete, Map<String, String> references, SavedTable observed) {
    List<String> toFlush = new ArrayList<>();
    List<String> toDelete = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (String name : obsolete) {
      String reference = references.get(name);
      if (reference == null) {
        toFlush.add(name);
        toDelete.add(name);
      } else {
        problems.add(
            "%s chain %s cannot be deleted, a rule jumps to it: %s"
                .formatted(observed.name(), name, reference));
        SavedChain chain = observed.chain(name);
        if (chain != null && !chain.rules().isEmpty()) {
          toFlush.add(name);
        }
      }
    }
    return new ObsoleteChains(toFlush, toDelete, problems);
  }

  /** Which rule will still jump to an obsolete chain once the rest of the restore is done. */
  private static Map<String, String> references(
      RuleSet wanted,
      Table table,
      Map<String, List<Rule>> chains,
      Set<String> obsolete,
      SavedTable observed) {
    Map<String, String> references = new HashMap<>();
    chains.forEach((name, rules) -> addOwn(references, obsolete, name, rules));
    for (SavedChain chain : observed.chains().values()) {
      if (!chains.containsKey(chain.name()) && !obsolete.contains(chain.name())) {
        addForeign(references, obsolete, chain, wanted, table);
      }
    }
    return references;
  }

  private static void addOwn(
      Map<String, String> references, Set<String> obsolete, String chain, List<Rule> rules) {
    for (Rule rule : rules) {
      String target = rule.targetChain().map(ChainName::value).orElse("");
      if (obsolete.contains(target)) {
        references.putIfAbsent(target, "-A " + chain + " " + rule);
      }
    }
  }

  private static void addForeign(
      Map<String, String> references,
      Set<String> obsolete,
      SavedChain chain,
      RuleSet wanted,
      Table table) {
    Family family = wanted.family();
    List<Jump> goingJumps = goingJumps(wanted, table, chain.name());
    for (String rule : chain.rules()) {
      String target = RuleText.target(rule);
      if (obsolete.contains(target)
          && goingJumps.stream().noneMatch(jump -> jump.isPrintedAs(family, rule))) {
        references.putIfAbsent(target, "-A " + chain.name() + " " + rule);
      }
    }
  }

  private static List<Jump> goingJumps(RuleSet wanted, Table table, String chain) {
    return wanted.obsolete().jumps().stream()
        .filter(jump -> jump.table() == table && jump.chain().equals(chain))
        .filter(jump -> !wanted.jumps().contains(jump))
        .toList();
  }
}
