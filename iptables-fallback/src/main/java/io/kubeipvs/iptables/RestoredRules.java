package io.kubeipvs.iptables;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Foretells what {@code iptables-save} shows after {@code iptables-restore --noflush}, without
 * running either.
 */
public final class RestoredRules {
  private final Family family;
  private final Map<String, Map<String, Chain>> tables = new LinkedHashMap<>();

  private record Chain(String policy, List<String> rules) {}

  private RestoredRules(Family family, SavedRules before) {
    this.family = family;
    before
        .tables()
        .forEach(
            (name, table) -> {
              Map<String, Chain> chains = new LinkedHashMap<>();
              table
                  .chains()
                  .forEach(
                      (chain, saved) ->
                          chains.put(
                              chain, new Chain(saved.policy(), new ArrayList<>(saved.rules()))));
              tables.put(name, chains);
            });
  }

  /**
   * What is there when the tool has loaded that text.
   *
   * @param text for {@code iptables-restore --noflush}
   * @throws IOException for what the tool would refuse; not for all of that
   */
  public static SavedRules of(Family family, SavedRules before, String text) throws IOException {
    RestoredRules rules = new RestoredRules(family, before);
    Map<String, Chain> open = Map.of();
    for (String line : text.lines().toList()) {
      if (line.startsWith("*")) {
        open = rules.table(line.substring(1));
      } else if (!line.isBlank() && !line.startsWith("#") && !line.equals("COMMIT")) {
        rules.execute(open, line);
      }
    }
    return rules.saved(before.notes());
  }

  private Map<String, Chain> table(String name) throws IOException {
    Map<String, Chain> existing = tables.get(name);
    if (existing != null) {
      return existing;
    }
    for (Table table : Table.values()) {
      if (table.toString().equals(name)) {
        Map<String, Chain> chains = new LinkedHashMap<>();
        table.builtInChains().forEach(c -> chains.put(c, new Chain("ACCEPT", new ArrayList<>())));
        tables.put(name, chains);
        return chains;
      }
    }
    throw new IOException("there is no table " + name);
  }

  private void execute(Map<String, Chain> chains, String line) throws IOException {
    String[] parts = line.split(" ", 3);
    String rest = parts.length == 3 ? parts[2] : "";
    if (line.startsWith(":")) {
      declare(chains, parts[0].substring(1), parts[1]);
      return;
    }
    switch (parts[0]) {
      case "-N" -> chains.put(parts[1], new Chain(SavedChain.NO_POLICY, new ArrayList<>()));
      case "-F" -> chain(chains, parts[1]).rules().clear();
      case "-X" -> chains.remove(parts[1]);
      case "-A" -> chain(chains, parts[1]).rules().add(RuleText.printed(family, rest));
      case "-I" -> insert(chain(chains, parts[1]).rules(), rest);
      case "-D" -> delete(chain(chains, parts[1]).rules(), rest);
      default -> throw new IOException("not understood: " + line);
    }
  }

  private static Chain chain(Map<String, Chain> chains, String name) throws IOException {
    Chain chain = chains.get(name);
    if (chain == null) {
      throw new IOException("there is no chain " + name);
    }
    return chain;
  }

  /** Makes a chain, or empties one; of a built-in one it sets the policy only. */
  private static void declare(Map<String, Chain> chains, String name, String policy) {
    Chain existing = chains.get(name);
    if (existing == null || existing.policy().equals(SavedChain.NO_POLICY)) {
      chains.put(name, new Chain(SavedChain.NO_POLICY, new ArrayList<>()));
    } else if (!policy.equals(SavedChain.NO_POLICY)) {
      chains.put(name, new Chain(policy, existing.rules()));
    }
  }

  private void insert(List<String> rules, String rest) throws IOException {
    String[] numbered = rest.split(" ", 2);
    boolean hasNumber = !numbered[0].isEmpty() && numbered[0].chars().allMatch(Character::isDigit);
    int place = hasNumber ? Integer.parseInt(numbered[0]) : 1;
    String rule = hasNumber ? (numbered.length == 2 ? numbered[1] : "") : rest;
    if (place < 1 || place > rules.size() + 1) {
      throw new IOException("no place " + place + " for " + rule);
    }
    rules.add(place - 1, RuleText.printed(family, rule));
  }

  private void delete(List<String> rules, String rule) throws IOException {
    for (int i = 0; i < rules.size(); i++) {
      if (RuleText.sameMeaning(family, rules.get(i), rule)) {
        rules.remove(i);
        return;
      }
    }
    throw new IOException("no such rule: " + rule);
  }

  private SavedRules saved(List<String> notes) {
    Map<String, SavedTable> saved = new LinkedHashMap<>();
    tables.forEach(
        (name, chains) -> {
          Map<String, SavedChain> all = new LinkedHashMap<>();
          chains.forEach(
              (chain, c) -> all.put(chain, new SavedChain(chain, c.policy(), c.rules())));
          saved.put(name, new SavedTable(name, all));
        });
    return new SavedRules(saved, notes);
  }
}
