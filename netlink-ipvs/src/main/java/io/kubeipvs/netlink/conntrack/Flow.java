package io.kubeipvs.netlink.conntrack;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.Protocol;

/**
 * A flow that the kernel tracks.
 *
 * @param original the direction of the first packet: client to virtual address
 * @param reply the direction of the first answer: real server to client or masquerading node
 * @param zone 0 but where rules put flows into zones
 * @param mark {@code ctmark}
 */
public record Flow(Protocol protocol, FlowTuple original, FlowTuple reply, int zone, int mark) {

  public Flow {
    if (original.source().family() != original.destination().family()) {
      throw new IllegalArgumentException("a flow between families: " + original);
    }
  }

  /** The family of the original direction. */
  public AddressFamily family() {
    return original.destination().family();
  }

  @Override
  public String toString() {
    return protocol.lowerCaseName()
        + " "
        + original
        + " "
        + reply
        + (mark == 0 ? "" : " mark=" + Integer.toUnsignedString(mark))
        + (zone == 0 ? "" : " zone=" + zone);
  }
}
