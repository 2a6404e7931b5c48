package io.kubeipvs.proxy.explain;

import io.kubeipvs.net.IpAddress;
import java.util.List;
import java.util.Optional;

/**
 * One of the ends a packet's way may have.
 *
 * @param share of new connections, 0..1; 1 where something is not known, for all that may come of
 *     it
 * @param doubts what had to be assumed; without any it is certain
 * @param masquerade the rule that changes the source; empty where none does
 * @param seenAs the client's address as the server sees it; empty where the kernel's choice cannot
 *     be told
 * @param caution what may keep the answer from the client; empty where nothing does
 * @param steps how it comes to this, in order
 */
public record Outcome(
    Fate fate,
    double share,
    List<String> doubts,
    Optional<String> masquerade,
    Optional<IpAddress> seenAs,
    String caution,
    List<Step> steps) {

  public Outcome {
    doubts = List.copyOf(doubts);
    steps = List.copyOf(steps);
  }

  public boolean isCertain() {
    return doubts.isEmpty();
  }
}
