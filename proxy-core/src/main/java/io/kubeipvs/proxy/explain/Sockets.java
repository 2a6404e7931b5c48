package io.kubeipvs.proxy.explain;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;

/** What happens to packets that reach the host's own sockets. */
final class Sockets {
  private final Facts facts;

  Sockets(Facts facts) {
    this.facts = facts;
  }

  Branch found(Branch branch, IpAddress address) {
    Packet packet = branch.packet();
    String place = address.withPort(packet.port());
    Fate.HostSocket socket = new Fate.HostSocket(address, packet.port());
    if (facts.sockets().isEmpty()) {
      return branch
          .doubting("which programs of this host listen was not read")
          .step("host", "to the host's own programs", packet.protocol() + " " + place)
          .ending(socket);
    }
    if (facts.sockets().get().listens(packet.protocol(), address, packet.port())) {
      return branch
          .step("host", "a program of this host listens", packet.protocol() + " " + place)
          .ending(socket);
    }
    String nobody = "no program of this host listens at " + packet.protocol() + " " + place;
    return branch.step("host", nobody, "").ending(new Fate.Refused(answer(packet), nobody));
  }

  private static String answer(Packet packet) {
    if (packet.protocol().equals(Protocol.TCP)) {
      return "TCP reset";
    }
    return packet.protocol().equals(Protocol.SCTP) ? "SCTP abort" : "ICMP port unreachable";
  }
}
