package io.kubeipvs.proxy.explain;

import java.util.List;
import java.util.Optional;

/**
 * The answer to a question.
 *
 * @param from who asks, in words
 * @param owner whose the destination is; empty for nobody's
 * @param servers names for the servers among the outcomes
 * @param disagreements where the kernel is not as the cluster asks for
 * @param notes what else is worth to know
 */
public record Explanation(
    Question question,
    String from,
    Optional<Owner> owner,
    List<Outcome> outcomes,
    List<ServerName> servers,
    List<String> disagreements,
    List<Setting> settings,
    List<String> notes) {

  public Explanation {
    outcomes = List.copyOf(outcomes);
    servers = List.copyOf(servers);
    disagreements = List.copyOf(disagreements);
    settings = List.copyOf(settings);
    notes = List.copyOf(notes);
  }

  /**
   * What a server is called.
   *
   * @param server as {@link Fate.Delivered} has it: {@code 10.244.0.5:8080}
   * @param pod empty where no name is known
   * @param node empty where it is not known
   */
  public record ServerName(String server, String pod, String node) {}

  /** All outcomes in one word. */
  public enum Verdict {
    DELIVERED,
    REFUSED,
    DROPPED,
    /** It depends: on chance, or on what is not known. */
    DEPENDS,
    UNKNOWN
  }

  /**
   * What all outcomes agree in. Some refused and some dropped are dropped: nothing gets through.
   */
  public Verdict verdict() {
    List<Verdict> all = outcomes.stream().map(Explanation::verdict).distinct().toList();
    if (all.size() == 1) {
      return all.get(0);
    }
    boolean nothing = all.stream().allMatch(v -> v == Verdict.REFUSED || v == Verdict.DROPPED);
    return nothing ? Verdict.DROPPED : Verdict.DEPENDS;
  }

  private static Verdict verdict(Outcome outcome) {
    Fate fate = outcome.fate();
    if (fate instanceof Fate.Refused) {
      return Verdict.REFUSED;
    }
    if (fate instanceof Fate.Dropped) {
      return Verdict.DROPPED;
    }
    return fate instanceof Fate.Unknown ? Verdict.UNKNOWN : Verdict.DELIVERED;
  }

  /** Whether nothing had to be assumed. */
  public boolean isCertain() {
    return outcomes.stream().allMatch(Outcome::isCertain);
  }
}
