package io.kubeipvs.proxy.diff;

/**
 * When an operation is carried out. IPVS has no transactions, so this order is the argument that
 * nothing is ever reachable before it is guarded, nor half taken away while it is still reached.
 *
 * <p>A set entry that claims an address comes before the virtual service and goes after it: after a
 * crash at any point the sets cover all that is ours.
 */
public enum Phase {
  /** Sets, and the device that other software looks for. Rules and entries need them. */
  MAKE_GROUND,
  ADD_ENTRIES,
  WRITE_RULES,
  /** Of services that go: no new packet finds the virtual service gone but the address open. */
  CLOSE_VIPS,
  DELETE_SERVICES,
  /** Services that stay or come: within each, new servers before old ones leave. */
  PROGRAM_SERVICES,
  /** Last of what is added: everything behind the address is in place. */
  OPEN_VIPS,
  /** Addresses bound the way that is no longer asked for; the new way is in place. */
  UNBIND_VIPS,
  DELETE_ENTRIES,
  DESTROY_SETS,
  /** Tracked flows that point to servers that are gone. */
  FORGET_FLOWS
}
