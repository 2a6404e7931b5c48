package io.kubeipvs.proxy.explain;

import io.kubeipvs.iptables.SavedRule.Part;

/** {@code -m recent}, which remembers clients: session affinity of iptables mode. */
final class RecentConditions {
  private RecentConditions() {}

  static Condition read(Part part) {
    if (part.option("--set").isPresent()) {
      return packet -> Fit.YES;
    }
    String list = part.option("--name").map(option -> option.value()).orElse("DEFAULT");
    return packet ->
        Fit.unknown("whether the client was seen lately (list " + list + ") is not known");
  }
}
