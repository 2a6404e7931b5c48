package io.kubeipvs.iptables;

import static io.kubeipvs.iptables.FakeIptables.require;

import io.kubeipvs.iptables.FakeIptables.FakeChain;
import io.kubeipvs.iptables.FakeIptables.FakeRule;
import io.kubeipvs.iptables.FakeIptables.Refused;
import io.kubeipvs.iptables.Words.Word;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** One table of {@link FakeIptables}. */
final class FakeTable {
  private static final Set<String> MATCHES =
      Set.of(
          "addrtype",
          "comment",
          "conntrack",
          "icmp",
          "icmp6",
          "ipvs",
          "limit",
          "mark",
          "multiport",
          "physdev",
          "recent",
          "sctp",
          "set",
          "statistic",
          "tcp",
          "udp");
  private static final Set<String> TARGETS =
      Set.of("ACCEPT", "DROP", "RETURN", "MARK", "MASQUERADE", "DNAT", "SNAT", "REJECT", "LOG");

  private final Family family;
  private final Predicate<String> setExists;
  private final Map<String, FakeChain> chains;

  private FakeTable(Family family, Predicate<String> setExists, Map<String, FakeChain> chains) {
    this.family = family;
    this.setExists = setExists;
    this.chains = chains;
  }

  static FakeTable empty(Table table, Family family, Predicate<String> setExists) {
    Map<String, FakeChain> chains = new LinkedHashMap<>();
    table.builtInChains().forEach(name -> chains.put(name, new FakeChain("ACCEPT", List.of())));
    return new FakeTable(family, setExists, chains);
  }

  FakeTable copy() {
    return new FakeTable(family, setExists, FakeChain.copy(chains));
  }

  void execute(String line) throws Refused {
    if (line.startsWith(":")) {
      declare(line.substring(1).split(" ", -1));
      return;
    }
    String[] parts = line.split(" ", 3);
    require(parts.length >= 2, "Bad argument `" + line + "'");
    String rest = parts.length == 3 ? parts[2] : "";
    switch (parts[0]) {
      case "-N" -> add(parts[1]);
      case "-F" -> chain(parts[1]).rules.clear();
      case "-X" -> delete(parts[1]);
      case "-A" -> append(chain(parts[1]), rest);
      case "-I" -> insert(chain(parts[1]), rest);
      case "-D" -> remove(chain(parts[1]), rest);
      default -> throw new Refused("Bad argument `" + parts[0] + "'");
    }
  }

  private void declare(String[] nameAndPolicy) throws Refused {
    String name = nameAndPolicy[0];
    FakeChain existing = chains.get(name);
    if (existing == null) {
      add(name);
    } else if (!existing.isBuiltIn()) {
      existing.rules.clear();
    } else if (!nameAndPolicy[1].equals("-")) {
      chains.put(name, new FakeChain(nameAndPolicy[1], existing.rules));
    }
  }

  private void add(String name) throws Refused {
    require(name.length() <= 28, "Invalid chain name `" + name + "' (28 chars max)");
    require(!chains.containsKey(name), "Chain already exists.");
    chains.put(name, new FakeChain("-", List.of()));
  }

  private FakeChain chain(String name) throws Refused {
    FakeChain chain = chains.get(name);
    if (chain == null) {
      throw new Refused("No chain/target/match by that name.");
    }
    return chain;
  }

  private void delete(String name) throws Refused {
    FakeChain chain = chain(name);
    require(!chain.isBuiltIn(), "Can't delete built-in chain");
    require(chain.rules.isEmpty(), "Directory not empty");
    for (FakeChain other : chains.values()) {
      for (FakeRule rule : other.rules) {
        require(!rule.target().equals(name), "Too many links.");
      }
    }
    chains.remove(name);
  }

  private void append(FakeChain chain, String rule) throws Refused {
    chain.rules.add(accepted(rule));
  }

  private void insert(FakeChain chain, String rest) throws Refused {
    int blank = rest.indexOf(' ');
    String first = blank < 0 ? rest : rest.substring(0, blank);
    boolean numbered = !first.isEmpty() && first.chars().allMatch(Character::isDigit);
    int number = numbered ? Integer.parseInt(first) : 1;
    require(number >= 1 && number <= chain.rules.size() + 1, "Index of insertion too big.");
    chain.rules.add(number - 1, accepted(numbered ? rest.substring(blank + 1) : rest));
  }

  private void remove(FakeChain chain, String rule) throws Refused {
    if (!rule.isEmpty() && rule.chars().allMatch(Character::isDigit)) {
      int number = Integer.parseInt(rule);
      require(number >= 1 && number <= chain.rules.size(), "Index of deletion too big.");
      chain.rules.remove(number - 1);
      return;
    }
    FakeRule printed = accepted(rule);
    require(chain.rules.remove(printed), "Bad rule (does a matching rule exist in that chain?).");
  }

  private FakeRule accepted(String rule) throws Refused {
    List<Word> words = Words.split(rule);
    require(!Words.endsInQuotes(rule), "a quote stays open");
    for (int i = 0; i + 1 < words.size(); i++) {
      String value = words.get(i + 1).text();
      switch (words.get(i).quoted() ? "" : words.get(i).text()) {
        case "--comment" -> {
          require(value.length() < 256, "comment too long");
          i++;
        }
        case "-m" -> require(MATCHES.contains(value), "Couldn't load match `" + value + "'");
        case "-j" ->
            require(
                TARGETS.contains(value) || (chains.containsKey(value) && !chain(value).isBuiltIn()),
                "Couldn't load target `" + value + "'");
        case "--match-set" -> require(setExists.test(value), "Set " + value + " doesn't exist.");
        case "--dport", "--sport" ->
            require(rule.contains("-p "), "unknown option \"" + words.get(i).text() + "\"");
        default -> {}
      }
    }
    return new FakeRule(RuleText.printed(family, rule), RuleText.target(rule));
  }

  /** The kernel refuses a loop of jumps that a packet could reach. */
  void check() throws Refused {
    for (Map.Entry<String, FakeChain> chain : chains.entrySet()) {
      if (chain.getValue().isBuiltIn()) {
        walk(chain.getKey(), new HashSet<>(), new HashSet<>());
      }
    }
  }

  private void walk(String name, Set<String> path, Set<String> done) throws Refused {
    require(path.add(name), "Too many levels of symbolic links");
    FakeChain chain = chains.get(name);
    if (chain != null && done.add(name)) {
      for (FakeRule rule : chain.rules) {
        walk(rule.target(), path, done);
      }
    }
    path.remove(name);
  }

  void print(String name, StringBuilder out) {
    out.append('*').append(name).append('\n');
    Map<String, FakeChain> printed = new LinkedHashMap<>();
    chains.forEach((chain, c) -> putIf(c.isBuiltIn(), printed, chain, c));
    new TreeMap<>(chains).forEach((chain, c) -> putIf(!c.isBuiltIn(), printed, chain, c));
    printed.forEach((chain, c) -> out.append(":" + chain + " " + c.policy + " [0:0]\n"));
    printed.forEach(
        (chain, c) ->
            c.rules.forEach(
                rule -> out.append(("-A " + chain + " " + rule.text()).strip()).append('\n')));
    out.append("COMMIT\n");
  }

  private static void putIf(
      boolean condition, Map<String, FakeChain> printed, String name, FakeChain chain) {
    if (condition) {
      printed.put(name, chain);
    }
  }
}
