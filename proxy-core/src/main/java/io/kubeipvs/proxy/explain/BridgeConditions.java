package io.kubeipvs.proxy.explain;

import io.kubeipvs.iptables.SavedRule.Part;
import io.kubeipvs.iptables.SavedRule.RuleOption;

/** {@code -m physdev}: what came in by a port of a bridge. */
final class BridgeConditions {
  private BridgeConditions() {}

  /** Without a bridge no packet has such a port. */
  static Condition read(Part part, Facts facts) {
    boolean allNegated = part.options().stream().allMatch(RuleOption::negated);
    boolean noneNegated = part.options().stream().noneMatch(RuleOption::negated);
    return packet -> {
      boolean bridged =
          facts.link(packet.in()).filter(link -> link.kind().equals("bridge")).isPresent();
      if (bridged || !(allNegated || noneNegated)) {
        return Fit.unknown("whether the packet came by a port of the bridge is not known");
      }
      return Fit.of(allNegated);
    };
  }
}
