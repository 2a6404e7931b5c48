package io.kubeipvs.proxy.state;

import io.kubeipvs.proxy.model.ServicePortName;
import io.kubeipvs.proxy.plan.Claim;

/** Two Services ask for the same address and port; the older keeps it. */
public record Conflict(Claim claim, ServicePortName loser, ServicePortName winner)
    implements Comparable<Conflict> {
  @Override
  public int compareTo(Conflict other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return "Service %s: %s belongs to the older Service %s".formatted(loser, claim, winner);
  }
}
