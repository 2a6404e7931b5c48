package io.kubeipvs.proxy.inspect.rules;

import io.kubeipvs.iptables.Counted;
import io.kubeipvs.iptables.SavedChain;
import io.kubeipvs.iptables.SavedRule;
import io.kubeipvs.iptables.SavedRule.Part;
import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.iptables.SavedTable;
import io.kubeipvs.iptables.Table;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.inspect.rules.RuleTable.Choice;
import io.kubeipvs.proxy.inspect.rules.RuleTable.Place;
import io.kubeipvs.proxy.inspect.rules.RuleTable.Unserved;
import io.kubeipvs.proxy.inspect.rules.RuleTable.Way;
import io.kubeipvs.proxy.plan.iptables.ServiceChains;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Follows the chains of one family. Used once. */
final class RuleTableReader {
  /** A load balancer's ranges, from outside, the Service's own: there are no longer ways. */
  private static final int DEEPEST = 3;

  private final AddressFamily family;
  private final SavedTable nat;
  private final SavedTable filter;
  private final Map<String, List<Choice>> known = new HashMap<>();

  RuleTableReader(AddressFamily family, SavedRules saved) {
    this.family = family;
    this.nat = saved.table(Table.NAT);
    this.filter = saved.table(Table.FILTER);
  }

  List<Way> ways() {
    List<Way> ways = new ArrayList<>();
    ServiceChains.ENTRANCES.forEach(chain -> read(nat, chain, ways));
    ServiceChains.UNSERVED.forEach(chain -> read(filter, chain, ways));
    return ways;
  }

  private void read(SavedTable table, String name, List<Way> ways) {
    SavedChain chain = table.chains().get(name);
    if (chain == null) {
      return;
    }
    for (int i = 0; i < chain.rules().size(); i++) {
      SavedRule rule = SavedRule.parse(chain.rules().get(i));
      Counted counted = chain.counted(i);
      RuleWords.place(family, rule)
          .flatMap(place -> way(place, rule, counted))
          .ifPresent(ways::add);
    }
  }

  private Optional<Way> way(Place place, SavedRule rule, Counted counted) {
    String target = rule.target().orElse("");
    String owner = RuleWords.owner(rule);
    if (ServiceChains.isOfService(target)) {
      return Optional.of(new Way(place, owner, target, Unserved.NO, counted, choices(target, 0)));
    }
    return switch (target) {
      case "REJECT" -> Optional.of(new Way(place, owner, "", Unserved.REFUSED, counted, List.of()));
      case "DROP" -> Optional.of(new Way(place, owner, "", Unserved.DROPPED, counted, List.of()));
      default -> Optional.empty();
    };
  }

  /** In the order of the rules; each gets its chance of what those before it leave. */
  private List<Choice> choices(String chain, int depth) {
    List<Choice> remembered = known.get(chain);
    if (remembered != null || depth > DEEPEST) {
      return remembered == null ? List.of() : remembered;
    }
    List<Choice> choices = new ArrayList<>();
    double left = 1;
    for (String text : nat.rules(chain)) {
      if (left <= 0) {
        break;
      }
      SavedRule rule = SavedRule.parse(text);
      String target = rule.target().orElse("");
      double chance = chance(rule, chain);
      if (chance <= 0 || !ServiceChains.isOfService(target)) {
        continue;
      }
      for (Choice choice : leadsTo(target, depth)) {
        choices.add(
            new Choice(
                choice.server(), choice.chain(), left * chance * choice.share(), choice.counted()));
      }
      left *= 1 - chance;
    }
    known.put(chain, choices);
    return choices;
  }

  private List<Choice> leadsTo(String chain, int depth) {
    SavedChain saved = nat.chains().get(chain);
    if (saved != null) {
      for (int i = 0; i < saved.rules().size(); i++) {
        Optional<ServerKey> server = ServiceChains.server(SavedRule.parse(saved.rules().get(i)));
        if (server.isPresent()) {
          return List.of(new Choice(server.get(), chain, 1, saved.counted(i)));
        }
      }
    }
    return choices(chain, depth + 1);
  }

  /**
   * Of packets of those whom no rule is especially for: of pods, of the node, of those who were
   * here before. What only some may reach is shown as those find it.
   */
  private static double chance(SavedRule rule, String chain) {
    double chance = 1;
    for (Part part : rule.parts()) {
      switch (part.name()) {
        case "comment" -> {} // says nothing of packets
        case "statistic" ->
            chance *= part.option("--probability").map(o -> number(o.value())).orElse(0.0);
        case "" -> chance *= ServiceChains.isForSomeSources(chain) ? 1 : 0;
        default -> chance = 0;
      }
    }
    return chance;
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
