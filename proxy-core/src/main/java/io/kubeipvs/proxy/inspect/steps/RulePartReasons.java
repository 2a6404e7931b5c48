package io.kubeipvs.proxy.inspect.steps;

import io.kubeipvs.iptables.SavedChain;
import io.kubeipvs.iptables.SavedRule;
import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.iptables.SavedTable;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.inspect.rules.RuleTable.Place;
import io.kubeipvs.proxy.inspect.rules.RuleWords;
import io.kubeipvs.proxy.plan.iptables.ServiceChains;
import io.kubeipvs.proxy.state.Conflict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Of chains and rules of one family: whose they are, and why they come, change or go. */
final class RulePartReasons {
  private static final String ALWAYS = "kube-ipvs needs it whatever Services there are";

  private final AddressFamily family;
  private final ServicesOfRules services;
  private final SavedRules before;
  private final SavedRules after;

  /**
   * Why.
   *
   * @param service {@code default/web:http}; empty for what is no Service's
   */
  record Reason(String service, String text) {}

  RulePartReasons(
      AddressFamily family, ServicesOfRules services, SavedRules before, SavedRules after) {
    this.family = family;
    this.services = services;
    this.before = before;
    this.after = after;
  }

  boolean isThereAfter(String table, String chain) {
    return rules(after, table, chain).isPresent();
  }

  /** Whether Services share it, so that its rules have reasons of their own. */
  boolean isShared(String table, String chain) {
    return ServiceChains.isShared(table, chain);
  }

  private static Optional<List<SavedRule>> rules(SavedRules saved, String table, String chain) {
    return Optional.ofNullable(saved.tables().get(table))
        .map(SavedTable::chains)
        .map(chains -> chains.get(chain))
        .map(SavedChain::rules)
        .map(rules -> rules.stream().map(SavedRule::parse).toList());
  }

  /** A chain that is there afterwards. */
  Reason chain(String table, String chain) {
    List<SavedRule> now = rules(after, table, chain).orElse(List.of());
    Optional<List<SavedRule>> former = rules(before, table, chain);
    if (!ServiceChains.isOfService(chain)) {
      return new Reason("", ALWAYS);
    }
    String owner = owner(now);
    Optional<ServerKey> server = server(now);
    if (server.isPresent()) {
      String changes = former.isPresent() ? "; it was there with other rules" : "";
      return new Reason(owner, services.wanted(owner, server.get()) + changes);
    }
    return new Reason(
        owner,
        former
            .map(rules -> "Service " + owner + ": " + changes(owner, rules, now))
            .orElse("Service " + owner + " asks for it (" + ServiceChains.purpose(chain) + ")"));
  }

  private static String owner(List<SavedRule> rules) {
    return rules.stream()
        .map(RuleWords::owner)
        .filter(owner -> !owner.isEmpty())
        .findFirst()
        .orElse("");
  }

  private static Optional<ServerKey> server(List<SavedRule> rules) {
    return rules.stream().flatMap(rule -> ServiceChains.server(rule).stream()).findFirst();
  }

  /** What came and what went among those it chooses from. */
  private String changes(String owner, List<SavedRule> was, List<SavedRule> is) {
    Map<String, ServerKey> former = chosen(before, was);
    Map<String, ServerKey> present = chosen(after, is);
    List<String> changes = new ArrayList<>();
    present.forEach(
        (chain, server) -> {
          if (!former.containsKey(chain)) {
            changes.add("+ " + server + ", " + services.wanted(owner, server));
          }
        });
    former.forEach(
        (chain, server) -> {
          if (!present.containsKey(chain)) {
            changes.add("- " + server + ", " + services.unwanted(owner, server));
          }
        });
    return changes.isEmpty() ? "its rules are not as wanted" : String.join("; ", changes);
  }

  private static Map<String, ServerKey> chosen(SavedRules saved, List<SavedRule> rules) {
    Map<String, ServerKey> chosen = new LinkedHashMap<>();
    for (SavedRule rule : rules) {
      String target = rule.target().orElse("");
      if (ServiceChains.isOfEndpoint(target)) {
        server(rules(saved, "nat", target).orElse(List.of()))
            .ifPresent(server -> chosen.put(target, server));
      }
    }
    return chosen;
  }

  /** A chain that is deleted. */
  Reason gone(String table, String chain) {
    List<SavedRule> former = rules(before, table, chain).orElse(List.of());
    if (!ServiceChains.isOfService(chain)) {
      return new Reason("", "nothing that serves here needs it");
    }
    String owner = owner(former);
    Optional<ServerKey> server = server(former);
    if (server.isPresent()) {
      return new Reason(owner, services.unwanted(owner, server.get()));
    }
    return new Reason(
        owner,
        services.has(owner)
            ? "Service " + owner + " has no use for it (" + ServiceChains.purpose(chain) + ")"
            : ServicesOfRules.nobody(owner));
  }

  /**
   * A rule in a chain that Services share, or in a built-in one.
   *
   * @param verb {@code -A}, {@code -I} or {@code -D}
   */
  Reason rule(String table, String verb, String text) {
    SavedRule rule = SavedRule.parse(text.replaceFirst("^[0-9]+ ", ""));
    String owner = RuleWords.owner(rule);
    if (owner.isEmpty()) {
      return new Reason("", verb.equals("-D") ? "not as wanted, or not wanted" : ALWAYS);
    }
    String rest = rule.comment().substring(owner.length()).strip();
    String what = rest.isEmpty() ? "node port" : rest;
    if (!verb.equals("-D")) {
      return new Reason(owner, "Service " + owner + ": " + what);
    }
    if (!services.has(owner)) {
      return new Reason(owner, ServicesOfRules.nobody(owner));
    }
    Optional<String> lost =
        RuleWords.place(family, rule).stream()
            .map(Place::claim)
            .flatMap(claim -> services.conflict(owner, claim).stream())
            .map(Conflict::toString)
            .findFirst();
    return new Reason(owner, lost.orElse("Service " + owner + " no longer: " + what));
  }
}
