package io.kubeipvs.proxy.diff;

import io.kubeipvs.ipvs.ServiceKey;

/**
 * Whose a virtual service is. The sets tell: an entry that claims an address and port, or a node
 * port, is written before the virtual service and removed after it, so what no entry claims was
 * made by somebody else and is left alone. kube-proxy's own state carries the same sets.
 *
 * <p>A node port is claimed at every address, because the node may have lost the one it was served
 * on since.
 */
final class Ownership {
  private final ObservedState observed;
  private final DiffSettings settings;

  Ownership(ObservedState observed, DiffSettings settings) {
    this.observed = observed;
    this.settings = settings;
  }

  /** Whether an unwanted service of that key is ours to delete. */
  boolean mayDelete(ServiceKey key) {
    return !settings.isExcluded(key) && (settings.deleteForeign() || isClaimed(key));
  }

  private boolean isClaimed(ServiceKey key) {
    return key instanceof ServiceKey.Address address
        && SetRoles.claimsOn(address).stream().anyMatch(observed::holds);
  }
}
