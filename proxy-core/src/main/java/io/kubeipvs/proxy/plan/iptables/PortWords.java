package io.kubeipvs.proxy.plan.iptables;

import io.kubeipvs.iptables.Family;
import io.kubeipvs.iptables.Match;
import io.kubeipvs.iptables.Match.Transport;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.model.ServicePortName;

/** The words that the rules of one port of a Service are written in. */
record PortWords(ServicePortName name, AddressFamily family) {

  Family toolFamily() {
    return family == AddressFamily.IPV4 ? Family.IPV4 : Family.IPV6;
  }

  Transport transport() {
    if (name.protocol().equals(Protocol.TCP)) {
      return Transport.TCP;
    }
    return name.protocol().equals(Protocol.UDP) ? Transport.UDP : Transport.SCTP;
  }

  Match protocol() {
    return Match.protocol(transport());
  }

  Match port(int port) {
    return Match.destinationPort(transport(), port);
  }

  /** The Service's name is what a reader of the rules looks for. */
  Match comment() {
    return Match.comment(name.toString());
  }

  /** The Service's name, then more. */
  Match comment(String more) {
    return Match.comment(name + " " + more);
  }

  static Match to(IpAddress address) {
    return Match.destination(address.toString());
  }

  static Match from(IpAddress address) {
    return Match.source(address.toString());
  }
}
