package io.kubeipvs.iptables;

import java.util.List;
import java.util.Optional;

/**
 * Conditions and what follows from them, to stand in some chain. Prints as {@code iptables-save}
 * does, behind {@code -A CHAIN}.
 */
public record Rule(List<Match> matches, Optional<Target> target) {

  public Rule {
    matches = Match.inPrintedOrder(matches);
    for (int i = 1; i < matches.size(); i++) {
      if (matches.get(i).position() < 5
          && matches.get(i).position() == matches.get(i - 1).position()) {
        throw new IllegalArgumentException(
            "a rule has one condition of a kind: " + matches.get(i - 1) + ", " + matches.get(i));
      }
    }
  }

  public static Rule of(Target target, Match... matches) {
    return new Rule(List.of(matches), Optional.of(target));
  }

  /** Such a rule only counts, or carries a comment. */
  public static Rule withoutTarget(Match... matches) {
    return new Rule(List.of(matches), Optional.empty());
  }

  /** The chain it goes on in, if it does. */
  public Optional<ChainName> targetChain() {
    return target.filter(Target.Chain.class::isInstance).map(t -> ((Target.Chain) t).name());
  }

  public String text() {
    StringBuilder out = new StringBuilder(128);
    for (Match match : matches) {
      match.appendTo(out);
      out.append(' ');
    }
    target.ifPresentOrElse(
        t -> t.appendTo(out), () -> out.setLength(Math.max(0, out.length() - 1)));
    return out.toString();
  }

  @Override
  public String toString() {
    return text();
  }
}
