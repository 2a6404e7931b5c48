package io.kubeipvs.proxy.explain;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.inspect.Listener;
import java.util.Set;

/**
 * What listens on this host.
 *
 * @param listeners by address and port; the address of all ({@code 0.0.0.0}, {@code ::}) included
 */
record HostSockets(Set<Listener> listeners) {

  HostSockets {
    listeners = Set.copyOf(listeners);
  }

  /** Whether a packet to that address and port finds a socket. */
  boolean listens(Protocol protocol, IpAddress address, int port) {
    return listeners.contains(new Listener(protocol, address, port))
        || listeners.contains(new Listener(protocol, IpAddress.any(address.family()), port))
        || listeners.contains(new Listener(protocol, IpAddress.any(AddressFamily.IPV6), port));
  }
}
