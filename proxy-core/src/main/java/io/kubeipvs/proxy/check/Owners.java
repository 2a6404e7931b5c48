package io.kubeipvs.proxy.check;

import io.kubeipvs.proxy.check.facts.NodeFacts;
import io.kubeipvs.proxy.check.facts.NodeProcess;
import io.kubeipvs.proxy.check.facts.NodeSocket;
import java.util.Optional;

/** Who has a socket open. */
final class Owners {
  private Owners() {}

  static Optional<NodeProcess> of(NodeSocket socket, NodeFacts facts) {
    return facts.processes().stream()
        .filter(process -> socket.owner().isPresent())
        .filter(process -> process.pid() == socket.owner().getAsLong())
        .findFirst();
  }

  /** {@code TCP 0.0.0.0:30080, pid 4711 (nginx)}. */
  static String described(NodeSocket socket, NodeFacts facts) {
    return socket + ", " + of(socket, facts).map(Object::toString).orElse("an unknown process");
  }
}
