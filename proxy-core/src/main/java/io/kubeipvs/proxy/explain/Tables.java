package io.kubeipvs.proxy.explain;

import io.kubeipvs.iptables.SavedChain;
import io.kubeipvs.iptables.SavedRule;
import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.iptables.SavedTable;
import io.kubeipvs.net.AddressFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One family's rules, each taken apart when it is first met. */
final class Tables {
  private final SavedRules saved;
  private final Conditions conditions;
  private final Map<String, Optional<Chain>> chains = new HashMap<>();

  Tables(SavedRules saved, Conditions conditions) {
    this.saved = saved;
    this.conditions = conditions;
  }

  static Map<AddressFamily, Tables> of(Facts facts, Conditions conditions) {
    Map<AddressFamily, Tables> all = new HashMap<>();
    facts.rules().forEach((family, saved) -> all.put(family, new Tables(saved, conditions)));
    return all;
  }

  /**
   * @param name {@code nat KUBE-SERVICES}
   * @param policy {@code ACCEPT} or {@code DROP} of a built-in chain, {@code -} of others
   */
  record Chain(String name, String policy, List<ReadyRule> rules) {}

  /** A rule that can be asked. */
  record ReadyRule(SavedRule rule, Condition condition, boolean isUnconditional) {}

  /** Empty where there is none. */
  Optional<Chain> chain(String table, String name) {
    return chains.computeIfAbsent(table + " " + name, place -> read(table, name, place));
  }

  /** What the tool could not show of a table. */
  Optional<String> blindness(String table) {
    return saved.notes().stream().filter(note -> note.contains("`" + table + "'")).findFirst();
  }

  private Optional<Chain> read(String table, String name, String place) {
    @Nullable SavedTable savedTable = saved.tables().get(table);
    @Nullable SavedChain chain = savedTable == null ? null : savedTable.chains().get(name);
    if (chain == null) {
      return Optional.empty();
    }
    List<ReadyRule> rules = new ArrayList<>();
    for (String text : chain.rules()) {
      SavedRule rule = SavedRule.parse(text);
      boolean unconditional = rule.parts().stream().allMatch(part -> part.name().equals("comment"));
      rules.add(new ReadyRule(rule, Conditions.all(conditions.of(rule)), unconditional));
    }
    return Optional.of(new Chain(place, chain.policy(), rules));
  }
}
