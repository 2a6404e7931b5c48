package io.kubeipvs.iptables;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code iptables-save} shows of one family: ours and everybody's, tables we know and others.
 *
 * @param tables by name, in the tool's order
 * @param notes what it remarked, such as {@code Warning: iptables-legacy tables present, use
 *     iptables-legacy-save to see them}
 */
public record SavedRules(Map<String, SavedTable> tables, List<String> notes) {
  public static final SavedRules NONE = new SavedRules(Map.of(), List.of());

  public SavedRules {
    tables = Collections.unmodifiableMap(new LinkedHashMap<>(tables));
    notes = List.copyOf(notes);
  }

  /**
   * Reads what the tool printed.
   *
   * @param text the output of {@code iptables-save}, with or without counters
   */
  public static SavedRules parse(String text) throws MalformedSaveException {
    return new SaveParser(text).parse();
  }

  /**
   * What is there once {@code wanted} has been applied to empty tables; to a later part of the same
   * rules it is what {@code save} would show, without the cost of asking.
   */
  public static SavedRules of(RuleSet wanted) {
    return ExpectedRules.of(wanted);
  }

  SavedRules withNotes(List<String> more) {
    List<String> all = new ArrayList<>(notes);
    all.addAll(more);
    return new SavedRules(tables, all);
  }

  /**
   * The nft tool leaves a table out when somebody put a rule of nftables' own into it: what is in
   * there cannot be known, although the tool would still load rules into it.
   */
  public boolean isUnreadable(Table table) {
    return notes.stream().anyMatch(n -> n.startsWith("Table `" + table + "' is incompatible"));
  }

  /** The table, empty when the tool does not show it. */
  public SavedTable table(Table table) {
    SavedTable saved = tables.get(table.toString());
    return saved != null ? saved : new SavedTable(table.toString(), Map.of());
  }

  public boolean hasChain(String name) {
    return tables.values().stream().anyMatch(table -> table.chains().containsKey(name));
  }

  public int ruleCount() {
    return tables.values().stream()
        .flatMap(table -> table.chains().values().stream())
        .mapToInt(chain -> chain.rules().size())
        .sum();
  }

  /** As the tool prints it, without its comment lines; with counters where they were read. */
  public String text() {
    StringBuilder out = new StringBuilder();
    tables.values().forEach(table -> append(out, table));
    return out.toString();
  }

  private static void append(StringBuilder out, SavedTable table) {
    out.append('*').append(table.name()).append('\n');
    for (SavedChain chain : table.chains().values()) {
      out.append(':').append(chain.name()).append(' ').append(chain.policy()).append(" [0:0]\n");
    }
    for (SavedChain chain : table.chains().values()) {
      for (int i = 0; i < chain.rules().size(); i++) {
        String rule = chain.rules().get(i);
        if (!chain.counted().isEmpty()) {
          out.append(chain.counted(i)).append(' ');
        }
        out.append("-A ").append(chain.name());
        out.append(rule.isEmpty() ? "" : " ").append(rule).append('\n');
      }
    }
    out.append("COMMIT\n");
  }
}
