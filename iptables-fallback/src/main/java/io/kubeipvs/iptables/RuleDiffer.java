package io.kubeipvs.iptables;

import io.kubeipvs.iptables.TableChange.ChainChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares the rules that should be there with those that are. Pure; its cost is that of reading
 * each of our rules once.
 */
public final class RuleDiffer {
  private RuleDiffer() {}

  /** What makes {@code observed} hold {@code wanted}. Applied, it leaves nothing to do. */
  public static Restore diff(RuleSet wanted, SavedRules observed) {
    List<TableChange> changes = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (Table table : Table.values()) {
      if (observed.isUnreadable(table)) {
        reportUnreadable(wanted, table, problems);
      } else {
        changes.add(diff(wanted, table, observed.table(table), problems));
      }
    }
    return new Restore(wanted.family(), changes, problems);
  }

  /** Writing blindly would insert one more copy of each jump every time. */
  private static void reportUnreadable(RuleSet wanted, Table table, List<String> problems) {
    if (concerns(wanted, table)) {
      problems.add(
          "table %s is left as it is: iptables-save cannot show it, it holds rules made with nft"
              .formatted(table));
    }
  }

  private static boolean concerns(RuleSet wanted, Table table) {
    return !chainsOf(wanted, table).isEmpty()
        || wanted.jumps().stream().anyMatch(jump -> jump.table() == table)
        || wanted.obsolete().jumps().stream().anyMatch(jump -> jump.table() == table);
  }

  /** Of the tables of these jumps, those that are left as they are. */
  public static List<Table> leftAlone(List<Jump> jumps, SavedRules observed) {
    return jumps.stream().map(Jump::table).distinct().filter(observed::isUnreadable).toList();
  }

  private static TableChange diff(
      RuleSet wanted, Table table, SavedTable observed, List<String> problems) {
    Map<String, List<Rule>> chains = chainsOf(wanted, table);
    Map<String, ChainChange> changed = new TreeMap<>();
    List<String> rules = new ArrayList<>();
    chains.forEach(
        (name, listed) -> {
          LeewayDiff diff = diff(wanted, ChainKey.of(table, name), listed, observed);
          diff.chain().ifPresent(change -> changed.put(name, change));
          rules.addAll(diff.commands());
        });
    ObsoleteChains obsolete = ObsoleteChains.find(wanted, table, chains, observed);
    problems.addAll(obsolete.problems());
    return new TableChange(
        table,
        ChainOrder.targetsFirst(changed, chains),
        rules,
        JumpDiff.diff(wanted, table, observed),
        obsolete.toFlush(),
        obsolete.toDelete());
  }

  private static LeewayDiff diff(
      RuleSet wanted, ChainKey chain, List<Rule> rules, SavedTable observed) {
    String name = chain.name().value();
    Leeway leeway = wanted.leeway().get(chain);
    SavedChain saved = observed.chain(name);
    return leeway != null
        ? LeewayDiff.diff(wanted.family(), name, rules, leeway, saved)
        : new LeewayDiff(ChainDiff.diff(wanted.family(), name, rules, saved), List.of());
  }

  private static Map<String, List<Rule>> chainsOf(RuleSet wanted, Table table) {
    Map<String, List<Rule>> chains = new TreeMap<>();
    wanted
        .chains()
        .forEach(
            (key, rules) -> {
              if (key.table() == table) {
                chains.put(key.name().value(), rules);
              }
            });
    return chains;
  }
}
