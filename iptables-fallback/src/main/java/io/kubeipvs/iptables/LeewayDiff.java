package io.kubeipvs.iptables;

import io.kubeipvs.iptables.TableChange.ChainChange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A chain with a {@link Leeway}. It may be long, and what differs is mostly a rule or two, so it is
 * changed rule by rule: new ones go to the head, which no tool has to look for.
 *
 * @param chain the chain itself, when it has to be made or written anew
 * @param commands what is to be inserted and deleted then; it may be done in parts
 */
record LeewayDiff(Optional<ChainChange> chain, List<String> commands) {

  /** To delete one, the tool looks through the chain; beyond so many, writing it is quicker. */
  private static final int MAXIMUM_DELETIONS = 64;

  static LeewayDiff diff(
      Family family, String chain, List<Rule> rules, Leeway leeway, @Nullable SavedChain saved) {
    List<String> wanted = rules.stream().map(Rule::text).toList();
    int head = wanted.size() - leeway.last();
    List<String> last = wanted.subList(head, wanted.size());
    List<String> observed = saved == null ? List.of() : saved.rules();
    int observedHead = observed.size() - last.size();
    if (observed.isEmpty()) {
      return fill(chain, wanted.subList(0, head), last, saved != null);
    }
    if (observedHead < 0
        || !ChainDiff.sameRules(family, last, observed.subList(observedHead, observed.size()))) {
      return new LeewayDiff(Optional.of(ChainChange.written(chain, wanted)), List.of());
    }
    Counted rest = new Counted(family, observed.subList(0, observedHead));
    List<String> commands = insertions(chain, rest.without(wanted.subList(0, head)));
    if (leeway.amongOthers()) {
      return new LeewayDiff(Optional.empty(), commands);
    }
    if (rest.size() > MAXIMUM_DELETIONS) {
      return new LeewayDiff(Optional.of(ChainChange.written(chain, wanted)), List.of());
    }
    rest.left().forEach(rule -> commands.add(ChainDiff.command("-D " + chain, rule)));
    return new LeewayDiff(Optional.empty(), commands);
  }

  /** Nobody misses the rules of an empty chain for the moment that it takes to insert them. */
  private static LeewayDiff fill(
      String chain, List<String> head, List<String> last, boolean exists) {
    boolean nothingToDo = exists && last.isEmpty();
    return new LeewayDiff(
        nothingToDo ? Optional.empty() : Optional.of(ChainChange.written(chain, last)),
        insertions(chain, head));
  }

  /** Backwards, so that they end up in the order given. */
  static List<String> insertions(String chain, List<String> rules) {
    List<String> commands = new ArrayList<>(rules.size());
    for (int i = rules.size() - 1; i >= 0; i--) {
      commands.add(ChainDiff.command("-I " + chain, rules.get(i)));
    }
    return commands;
  }

  /** Observed rules; those that are wanted are taken out, first by text, then by meaning. */
  private static final class Counted {
    private final Family family;
    private final Map<String, Integer> counts = new LinkedHashMap<>();

    Counted(Family family, List<String> rules) {
      this.family = family;
      rules.forEach(rule -> counts.merge(rule, 1, Integer::sum));
    }

    /** Takes the wanted rules out; the answer is those that were not there. */
    List<String> without(List<String> wanted) {
      List<String> unknown = new ArrayList<>();
      wanted.stream().filter(rule -> !take(rule)).forEach(unknown::add);
      if (unknown.isEmpty() || counts.isEmpty()) {
        return unknown;
      }
      Map<String, List<String>> spellings = new LinkedHashMap<>();
      for (String rule : left()) {
        spellings
            .computeIfAbsent(RuleText.normalized(family, rule), any -> new ArrayList<>())
            .add(rule);
      }
      unknown.removeIf(rule -> takeSpelling(spellings.get(RuleText.normalized(family, rule))));
      return unknown;
    }

    private boolean takeSpelling(@Nullable List<String> spellings) {
      return spellings != null && !spellings.isEmpty() && take(spellings.remove(0));
    }

    private boolean take(String rule) {
      boolean there = counts.containsKey(rule);
      counts.computeIfPresent(rule, (any, count) -> count == 1 ? null : count - 1);
      return there;
    }

    List<String> left() {
      List<String> left = new ArrayList<>();
      counts.forEach(
          (rule, count) -> {
            for (int i = 0; i < count; i++) {
              left.add(rule);
            }
          });
      return left;
    }

    int size() {
      return counts.values().stream().mapToInt(Integer::intValue).sum();
    }
  }
}
