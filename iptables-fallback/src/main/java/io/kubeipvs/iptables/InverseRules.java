package io.kubeipvs.iptables;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** The text for {@code iptables-restore --noflush} that brings former rules back. */
public final class InverseRules {
  private final SavedRules before;
  private final SavedRules after;

  private InverseRules(SavedRules before, SavedRules after) {
    this.before = before;
    this.after = after;
  }

  /** Empty when both are the same. A table stays, as the tools know no other way. */
  public static String text(SavedRules before, SavedRules after) {
    InverseRules inverse = new InverseRules(before, after);
    StringBuilder text = new StringBuilder();
    for (Table table : Table.values()) {
      List<String> lines = inverse.lines(table);
      if (!lines.isEmpty()) {
        text.append('*').append(table).append('\n');
        lines.forEach(line -> text.append(line).append('\n'));
        text.append("COMMIT\n");
      }
    }
    return text.toString();
  }

  private List<String> lines(Table table) {
    SavedTable former = before.table(table);
    SavedTable present = after.table(table);
    List<String> declared = new ArrayList<>();
    List<String> rules = new ArrayList<>();
    List<String> deleted = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(former.chains().keySet());
    names.addAll(present.chains().keySet());
    for (String name : names) {
      SavedChain was = former.chain(name);
      SavedChain is = present.chain(name);
      if (is != null && is.isBuiltIn()) {
        rules.addAll(edits(name, former.rules(name), is.rules()));
      } else if (was == null) {
        declared.add(":" + name + " - [0:0]");
        deleted.add("-X " + name);
      } else if (is == null || !is.rules().equals(was.rules())) {
        declared.add(":" + name + " - [0:0]");
        was.rules().forEach(rule -> rules.add(ChainDiff.command("-A " + name, rule)));
      }
    }
    List<String> all = new ArrayList<>(declared);
    all.addAll(rules);
    all.addAll(deleted);
    return all;
  }

  /** A built-in chain holds what others put there: only what differs is taken out and put in. */
  private static List<String> edits(String chain, List<String> former, List<String> present) {
    List<String> edits = new ArrayList<>();
    List<String> surplus = new ArrayList<>(present);
    former.forEach(surplus::remove);
    surplus.forEach(rule -> edits.add(ChainDiff.command("-D " + chain, rule)));
    List<String> left = new ArrayList<>(present);
    surplus.forEach(left::remove);
    for (int i = 0; i < former.size(); i++) {
      String rule = former.get(i);
      if (i >= left.size() || !left.get(i).equals(rule)) {
        edits.add(ChainDiff.command("-I " + chain + " " + (i + 1), rule));
        left.add(i, rule);
      }
    }
    return edits;
  }
}
