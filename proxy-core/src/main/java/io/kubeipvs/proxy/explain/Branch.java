package io.kubeipvs.proxy.explain;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.route.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One way a packet may take. Where chance decides there are several, each with its share; where
 * something is not known there are several too, each with a doubt.
 *
 * @param share of packets that take this way, 0..1
 * @param doubts what had to be assumed
 * @param fate null as long as the way goes on
 * @param masquerade how the source was changed; null when it was not
 * @param route that was found for it, which it keeps whatever is done to its mark later; null
 *     before that
 */
record Branch(
    Packet packet,
    double share,
    List<String> doubts,
    List<Step> steps,
    @Nullable Fate fate,
    @Nullable Masquerade masquerade,
    @Nullable Route route) {

  /**
   * A changed source.
   *
   * @param source what the server sees; empty where the kernel's choice cannot be told
   * @param by the rule
   */
  record Masquerade(Optional<IpAddress> source, String by) {}

  Branch {
    doubts = List.copyOf(doubts);
    steps = List.copyOf(steps);
  }

  static Branch of(Packet packet) {
    return new Branch(packet, 1, List.of(), List.of(), null, null, null);
  }

  Branch with(Packet changed) {
    return new Branch(changed, share, doubts, steps, fate, masquerade, route);
  }

  Branch routed(Packet towards, Route by) {
    return new Branch(towards, share, doubts, steps, fate, masquerade, by);
  }

  Branch with(Step step) {
    return new Branch(packet, share, doubts, and(steps, step), fate, masquerade, route);
  }

  Branch withoutLastStep() {
    return new Branch(
        packet, share, doubts, steps.subList(0, steps.size() - 1), fate, masquerade, route);
  }

  Branch step(String place, String what, String evidence) {
    return with(Step.of(place, what, evidence));
  }

  Branch ending(Fate end) {
    return new Branch(packet, share, doubts, steps, end, masquerade, route);
  }

  Branch masqueraded(Masquerade as, Packet changed) {
    return new Branch(changed, share, doubts, steps, fate, as, route);
  }

  Branch times(double part) {
    return new Branch(packet, share * part, doubts, steps, fate, masquerade, route);
  }

  Branch doubting(String doubt) {
    return doubts.contains(doubt)
        ? this
        : new Branch(packet, share, and(doubts, doubt), steps, fate, masquerade, route);
  }

  boolean isOver() {
    return fate != null;
  }

  private static <T> List<T> and(List<T> list, T item) {
    List<T> all = new ArrayList<>(list.size() + 1);
    all.addAll(list);
    all.add(item);
    return all;
  }
}
