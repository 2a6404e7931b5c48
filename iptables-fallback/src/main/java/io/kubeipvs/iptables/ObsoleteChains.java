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
          && patterns.stream().anyMatch(pattern -> pattern.matches(chain.name()))) {
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
    chains.forEach(
        (name, rules) ->
            rules.forEach(
                rule ->
                    rule.targetChain()
                        .ifPresent(
                            target ->
                                references.putIfAbsent(
                                    target.value(), "-A " + name + " " + rule))));
    for (SavedChain chain : observed.chains().values()) {
      if (!chains.containsKey(chain.name()) && !obsolete.contains(chain.name())) {
        addForeign(references, wanted, table, chain);
      }
    }
    return references;
  }

  private static void addForeign(
      Map<String, String> references, RuleSet wanted, Table table, SavedChain chain) {
    for (String rule : chain.rules()) {
      String target = RuleText.target(rule);
      if (!target.isEmpty() && !isObsoleteJump(wanted, table, chain.name(), target, rule)) {
        references.putIfAbsent(target, "-A " + chain.name() + " " + rule);
      }
    }
  }

  private static boolean isObsoleteJump(
      RuleSet wanted, Table table, String chain, String target, String rule) {
    return wanted.obsolete().jumps().stream()
        .filter(jump -> jump.table() == table && jump.chain().equals(chain))
        .filter(jump -> jump.rule().targetChain().orElseThrow().value().equals(target))
        .filter(jump -> !wanted.jumps().contains(jump))
        .anyMatch(jump -> RuleText.sameMeaning(wanted.family(), jump.rule().text(), rule));
  }
}
