package io.kubeipvs.proxy.explain;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.util.Optional;

/**
 * Who asks for what.
 *
 * @param client empty for a process of this host, which sends from the address the kernel chooses
 * @param clientPort 0 for a new connection, from any port
 * @param device the one it comes in by; empty for the one that leads back to the client
 */
public record Question(
    Optional<IpAddress> client,
    int clientPort,
    String device,
    IpAddress destination,
    int port,
    Protocol protocol) {

  /** {@code 192.0.2.10}, {@code 192.0.2.10:40000} or {@code node}. */
  public String clientText() {
    return client
        .map(address -> clientPort == 0 ? address.toString() : address.withPort(clientPort))
        .orElse("node");
  }

  /** {@code 10.96.0.10:80/TCP}. */
  public String destinationText() {
    return destination.withPort(port) + "/" + protocol;
  }
}
