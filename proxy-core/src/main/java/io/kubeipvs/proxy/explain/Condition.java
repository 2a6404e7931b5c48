package io.kubeipvs.proxy.explain;

/** What a rule asks of a packet, ready to be asked. */
@FunctionalInterface
interface Condition {
  Fit fits(Packet packet);
}
