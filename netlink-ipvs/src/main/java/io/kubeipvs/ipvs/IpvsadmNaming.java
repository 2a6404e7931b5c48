package io.kubeipvs.ipvs;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.NetworkNames;
import io.kubeipvs.net.Protocol;
import java.util.Optional;

/**
 * How lists write an address and its port: {@code 10.0.0.1:80}, or {@code web.example:http} where
 * names are asked for. Each part that has no name is a number.
 */
record IpvsadmNaming(Optional<NetworkNames> names) {
  /** The tool has room for one character more, which ends its text. */
  private static final int LONGEST = 59;

  String service(ServiceKey.Address key) {
    return text(key.address(), key.port(), Optional.of(key.protocol()));
  }

  /** Ports of servers behind a firewall mark have no protocol, hence no name. */
  String server(ServerKey key, ServiceKey service) {
    Optional<Protocol> protocol =
        service instanceof ServiceKey.Address address
            ? Optional.of(address.protocol())
            : Optional.empty();
    return text(key.address(), key.port(), protocol);
  }

  /** One end of a connection. */
  String end(IpAddress address, int port, IpvsConnection connection) {
    return text(address, port, connection.protocol());
  }

  private String text(IpAddress address, int port, Optional<Protocol> protocol) {
    if (names.isEmpty()) {
      return address.withPort(port);
    }
    NetworkNames known = names.get();
    String host = known.host(address).orElseGet(address::toString);
    String service =
        protocol.flatMap(p -> known.service(port, p)).orElseGet(() -> Integer.toString(port));
    String text =
        address.family() == AddressFamily.IPV4 ? host + ":" + service : "[" + host + "]:" + service;
    return text.substring(0, Math.min(text.length(), LONGEST));
  }
}
