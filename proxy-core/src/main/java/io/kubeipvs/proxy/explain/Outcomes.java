package io.kubeipvs.proxy.explain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Sums up ways that end alike. */
final class Outcomes {
  private final ReplyPath replies;

  Outcomes(ReplyPath replies) {
    this.replies = replies;
  }

  private record End(Fate fate, Optional<Branch.Masquerade> masquerade) {}

  List<Outcome> of(List<Branch> ways) {
    Map<End, List<Branch>> alike = new LinkedHashMap<>();
    for (Branch way : ways) {
      Fate fate = way.fate() == null ? new Fate.Unknown("the way has no end") : way.fate();
      End end = new End(fate, Optional.ofNullable(way.masquerade()));
      alike.computeIfAbsent(end, any -> new ArrayList<>()).add(way);
    }
    List<Outcome> outcomes = new ArrayList<>();
    alike.forEach((end, branches) -> outcomes.add(sum(end, branches)));
    return outcomes;
  }

  /** A way without a doubt makes it certain that this may happen. */
  private Outcome sum(End end, List<Branch> branches) {
    Branch first =
        branches.stream()
            .filter(branch -> branch.doubts().isEmpty())
            .findFirst()
            .orElse(branches.get(0));
    Set<String> doubts = new LinkedHashSet<>(first.doubts());
    double share = Math.min(1, branches.stream().mapToDouble(Branch::share).sum());
    return new Outcome(
        end.fate(),
        share,
        List.copyOf(doubts),
        end.masquerade().map(Branch.Masquerade::by),
        end.masquerade().isPresent()
            ? end.masquerade().get().source()
            : Optional.of(first.packet().source()),
        replies.caution(end.fate(), first.packet()),
        first.steps());
  }
}
