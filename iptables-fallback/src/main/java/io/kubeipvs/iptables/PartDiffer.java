package io.kubeipvs.iptables;

import io.kubeipvs.iptables.TableChange.ChainChange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compares the parts that some owners had with those they should have. Reads nothing and nobody
 * else's rules: it is right as long as the kernel holds what was loaded last. If it does not, the
 * tool refuses to delete what is not there, and {@link RuleDiffer} has to look.
 */
public final class PartDiffer {
  private final Table table;
  private final Map<String, List<Rule>> before;
  private final Map<String, List<Rule>> after;

  private PartDiffer(Table table, Collection<RulePart> before, Collection<RulePart> after) {
    this.table = table;
    this.before = chains(table, before);
    this.after = chains(table, after);
  }

  /**
   * What makes a kernel that holds {@code before} hold {@code after}: chains first, then the rules
   * that lead to them, then those that led elsewhere go, and only then their chains.
   */
  public static Restore diff(
      Family family, Collection<RulePart> before, Collection<RulePart> after) {
    List<TableChange> changes = new ArrayList<>();
    for (Table table : Table.values()) {
      PartDiffer differ = new PartDiffer(table, before, after);
      changes.add(differ.change(shared(table, before), shared(table, after)));
    }
    return new Restore(family, changes, List.of());
  }

  private TableChange change(List<SharedRule> had, List<SharedRule> wanted) {
    List<String> gone = before.keySet().stream().filter(name -> !after.containsKey(name)).toList();
    return new TableChange(
        table,
        ChainOrder.targetsFirst(changed(), after),
        rules(had, wanted),
        List.of(),
        gone,
        gone);
  }

  private Map<String, ChainChange> changed() {
    Map<String, ChainChange> changed = new TreeMap<>();
    after.forEach(
        (name, rules) -> {
          if (!rules.equals(before.get(name))) {
            changed.put(name, ChainChange.written(name, rules.stream().map(Rule::text).toList()));
          }
        });
    return changed;
  }

  private static List<String> rules(List<SharedRule> had, List<SharedRule> wanted) {
    Set<SharedRule> hadSet = new HashSet<>(had);
    Set<SharedRule> wantedSet = new HashSet<>(wanted);
    List<String> commands = new ArrayList<>();
    for (int i = wanted.size() - 1; i >= 0; i--) {
      if (hadSet.add(wanted.get(i))) {
        commands.add(command("-I ", wanted.get(i)));
      }
    }
    for (SharedRule rule : had) {
      if (wantedSet.add(rule)) {
        commands.add(command("-D ", rule));
      }
    }
    return commands;
  }

  private static String command(String verb, SharedRule shared) {
    return ChainDiff.command(verb + shared.chain().name(), shared.rule().text());
  }

  private static Map<String, List<Rule>> chains(Table table, Collection<RulePart> parts) {
    Map<String, List<Rule>> chains = new TreeMap<>();
    for (RulePart part : parts) {
      part.chains()
          .forEach(
              (key, rules) -> {
                if (key.table() == table) {
                  chains.put(key.name().value(), rules);
                }
              });
    }
    return chains;
  }

  private static List<SharedRule> shared(Table table, Collection<RulePart> parts) {
    return parts.stream()
        .flatMap(part -> part.shared().stream())
        .filter(rule -> rule.chain().table() == table)
        .toList();
  }
}
