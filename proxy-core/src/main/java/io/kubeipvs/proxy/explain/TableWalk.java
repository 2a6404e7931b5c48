package io.kubeipvs.proxy.explain;

import io.kubeipvs.iptables.SavedRule;
import io.kubeipvs.proxy.explain.Tables.Chain;
import io.kubeipvs.proxy.explain.Tables.ReadyRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes packets through a chain of one table and whatever it jumps to. */
final class TableWalk {
  /** The kernel allows no loops; a dump that was torn might have one. */
  private static final int DEEPEST = 40;

  /** Ways with a doubt that are followed; behind that it is said that nothing is known. */
  private static final int MOST_WAYS = 4096;

  private final Tables tables;
  private final String table;
  private final Targets targets;

  TableWalk(Tables tables, String table, Targets targets) {
    this.tables = tables;
    this.table = table;
    this.targets = targets;
  }

  /** How a way through a chain ended. */
  private enum End {
    /** The table has nothing more to say. */
    FINAL,
    /** Back to where the jump came from. */
    RETURNED
  }

  private record Way(Branch branch, End end) {}

  /** Through a built-in chain; nothing where there is none. */
  List<Branch> through(String builtIn, Branch start) {
    Optional<Chain> chain = tables.chain(table, builtIn);
    if (chain.isEmpty()) {
      return List.of(start);
    }
    List<Branch> ends = new ArrayList<>();
    for (Way way : walk(chain.get(), start, 0)) {
      boolean byPolicy = way.end() == End.RETURNED && chain.get().policy().equals("DROP");
      ends.add(byPolicy ? droppedByPolicy(chain.get(), way.branch()) : way.branch());
    }
    return ends;
  }

  private static Branch droppedByPolicy(Chain chain, Branch branch) {
    return branch
        .step(chain.name(), "dropped by the chain's policy", "")
        .ending(new Fate.Dropped("the policy of " + chain.name()));
  }

  private List<Way> walk(Chain chain, Branch start, int depth) {
    List<Way> ends = new ArrayList<>();
    List<Branch> open = List.of(start);
    List<String> misses = new ArrayList<>();
    for (ReadyRule rule : chain.rules()) {
      List<Branch> going = new ArrayList<>();
      for (Branch branch : open) {
        meet(chain, rule, branch, depth, misses, going, ends);
      }
      open = going;
      if (open.isEmpty()) {
        return ends;
      }
    }
    open.forEach(branch -> ends.add(new Way(branch, End.RETURNED)));
    return ends;
  }

  private void meet(
      Chain chain,
      ReadyRule rule,
      Branch branch,
      int depth,
      List<String> misses,
      List<Branch> going,
      List<Way> ends) {
    Fit fit = rule.condition().fits(branch.packet());
    if (fit.isNo()) {
      if (!fit.why().isEmpty()) {
        misses.add(fit.why());
      }
      going.add(branch);
      return;
    }
    if (!fit.isYes()) {
      going.add(otherwise(branch, fit));
    }
    if (!fit.known() && ends.size() + going.size() > MOST_WAYS) {
      return;
    }
    Branch meeting = fit.known() ? branch.times(fit.share()) : branch.doubting(fit.why());
    List<String> because = because(rule, fit, misses);
    follow(chain, rule.rule(), meeting, because, depth, going, ends);
  }

  private static Branch otherwise(Branch branch, Fit fit) {
    return fit.known() ? branch.times(1 - fit.share()) : branch.doubting(fit.why());
  }

  /** What has no condition happens because the rules before it did not. */
  private static List<String> because(ReadyRule rule, Fit fit, List<String> misses) {
    if (rule.isUnconditional()) {
      return misses.stream().distinct().toList();
    }
    return fit.why().isEmpty() ? List.of() : List.of(fit.why());
  }

  private void follow(
      Chain chain,
      SavedRule rule,
      Branch branch,
      List<String> because,
      int depth,
      List<Branch> going,
      List<Way> ends) {
    String target = rule.target().orElse("");
    Optional<Chain> next = tables.chain(table, target);
    String evidence = "-A " + chain.name().substring(table.length() + 1) + " " + rule.text();
    if (next.isPresent()) {
      jump(
          next.get(),
          rule,
          branch.with(step(chain, "goes on in " + target, evidence, because)),
          depth,
          going,
          ends);
      return;
    }
    if (target.equals("RETURN")) {
      Step step = step(chain, "leaves " + chain.name(), evidence, because);
      ends.add(new Way(branch.with(step), End.RETURNED));
      return;
    }
    Targets.Effect effect = targets.apply(rule, branch, chain.name() + ": " + rule.text());
    if (effect.what().isEmpty()) {
      going.add(effect.branch());
      return;
    }
    Branch done = effect.branch().with(step(chain, effect.what(), evidence, because));
    if (effect.isFinal()) {
      ends.add(new Way(done, End.FINAL));
    } else {
      going.add(done);
    }
  }

  private void jump(
      Chain next, SavedRule rule, Branch branch, int depth, List<Branch> going, List<Way> ends) {
    if (depth > DEEPEST) {
      ends.add(new Way(branch.ending(new Fate.Unknown("chains that jump in a circle")), End.FINAL));
      return;
    }
    for (Way way : walk(next, branch, depth + 1)) {
      if (way.end() == End.RETURNED && !rule.isGoto()) {
        boolean nothing = way.branch().steps().size() == branch.steps().size();
        going.add(nothing ? way.branch().withoutLastStep() : way.branch());
      } else {
        ends.add(way);
      }
    }
  }

  private static Step step(Chain chain, String what, String evidence, List<String> because) {
    return new Step(chain.name(), what, evidence, because);
  }
}
