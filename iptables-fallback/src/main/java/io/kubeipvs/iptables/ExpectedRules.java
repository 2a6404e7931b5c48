package io.kubeipvs.iptables;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A {@link RuleSet} in the clothes of {@code iptables-save}. */
final class ExpectedRules {
  private ExpectedRules() {}

  static SavedRules of(RuleSet wanted) {
    Map<String, SavedTable> tables = new LinkedHashMap<>();
    for (Table table : Table.values()) {
      Map<String, SavedChain> chains = ownedChains(wanted, table);
      Map<String, List<String>> jumps = jumps(wanted, table);
      if (!chains.isEmpty() || !jumps.isEmpty()) {
        Map<String, SavedChain> all = new LinkedHashMap<>();
        for (String name : table.builtInChains()) {
          all.put(name, new SavedChain(name, "ACCEPT", jumps.getOrDefault(name, List.of())));
        }
        all.putAll(chains);
        tables.put(table.toString(), new SavedTable(table.toString(), all));
      }
    }
    return new SavedRules(tables, List.of());
  }

  private static Map<String, SavedChain> ownedChains(RuleSet wanted, Table table) {
    Map<String, SavedChain> chains = new LinkedHashMap<>();
    wanted
        .chains()
        .forEach(
            (key, rules) -> {
              if (key.table() == table) {
                String name = key.name().value();
                List<String> texts = rules.stream().map(Rule::text).toList();
                chains.put(name, new SavedChain(name, SavedChain.NO_POLICY, texts));
              }
            });
    return chains;
  }

  private static Map<String, List<String>> jumps(RuleSet wanted, Table table) {
    Map<String, List<String>> jumps = new LinkedHashMap<>();
    for (Jump jump : wanted.jumps()) {
      if (jump.table() == table) {
        jumps.computeIfAbsent(jump.chain(), chain -> new ArrayList<>()).add(0, jump.rule().text());
      }
    }
    return jumps;
  }
}
