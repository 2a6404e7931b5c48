package io.kubeipvs.iptables;

import io.kubeipvs.iptables.TableChange.ChainChange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One chain of ours: left alone, written anew, or, when it is long and little differs, changed rule
 * by rule. A rule is deleted by its text, never by its number: numbers may have moved since they
 * were read, and then the tool must fail rather than delete another.
 */
final class ChainDiff {
  /** Below this, writing the chain anew is as cheap and easier to read. */
  private static final int LONG_CHAIN = 64;

  /** More than one rule in so many differs: write it anew. */
  private static final int FEW = 8;

  private final String chain;
  private final List<String> wanted;
  private final List<String> observed;

  private ChainDiff(String chain, List<String> wanted, List<String> observed) {
    this.chain = chain;
    this.wanted = wanted;
    this.observed = observed;
  }

  static Optional<ChainChange> diff(
      Family family, String chain, List<Rule> rules, @Nullable SavedChain saved) {
    List<String> wanted = new ArrayList<>(rules.size());
    rules.forEach(rule -> wanted.add(rule.text()));
    if (saved == null) {
      return Optional.of(ChainChange.written(chain, wanted));
    }
    if (sameRules(family, wanted, saved.rules())) {
      return Optional.empty();
    }
    return Optional.of(new ChainDiff(chain, wanted, saved.rules()).change());
  }

  static boolean sameRules(Family family, List<String> wanted, List<String> observed) {
    if (wanted.size() != observed.size()) {
      return false;
    }
    for (int i = 0; i < wanted.size(); i++) {
      if (!RuleText.sameMeaning(family, wanted.get(i), observed.get(i))) {
        return false;
      }
    }
    return true;
  }

  private ChainChange change() {
    if (observed.size() < LONG_CHAIN) {
      return ChainChange.written(chain, wanted);
    }
    Set<String> wantedSet = new HashSet<>(wanted);
    Set<String> observedSet = new HashSet<>(observed);
    if (wantedSet.size() < wanted.size() || observedSet.size() < observed.size()) {
      return ChainChange.written(chain, wanted);
    }
    List<String> kept = observed.stream().filter(wantedSet::contains).toList();
    List<String> keptInOrder = wanted.stream().filter(observedSet::contains).toList();
    int edits = observed.size() + wanted.size() - 2 * kept.size();
    return kept.equals(keptInOrder) && edits <= wanted.size() / FEW
        ? edit(wantedSet, observedSet)
        : ChainChange.written(chain, wanted);
  }

  /** Behind the deletions only kept rules are left, so each insertion's place is its final one. */
  private ChainChange edit(Set<String> wantedSet, Set<String> observedSet) {
    List<String> commands = new ArrayList<>();
    for (String rule : observed) {
      if (!wantedSet.contains(rule)) {
        commands.add(command("-D " + chain, rule));
      }
    }
    for (int i = 0; i < wanted.size(); i++) {
      if (!observedSet.contains(wanted.get(i))) {
        commands.add(command("-I " + chain + " " + (i + 1), wanted.get(i)));
      }
    }
    return new ChainChange(chain, false, commands);
  }

  static String command(String verb, String rule) {
    return rule.isEmpty() ? verb : verb + " " + rule;
  }
}
