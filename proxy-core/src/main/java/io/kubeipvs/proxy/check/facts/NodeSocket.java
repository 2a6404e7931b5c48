package io.kubeipvs.proxy.check.facts;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.util.OptionalLong;

/**
 * A socket that listens.
 *
 * @param owner the process that has it open, where that can be seen
 */
public record NodeSocket(Protocol protocol, IpAddress address, int port, OptionalLong owner) {
  @Override
  public String toString() {
    return protocol + " " + address.withPort(port);
  }
}
