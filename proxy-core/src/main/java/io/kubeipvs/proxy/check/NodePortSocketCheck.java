package io.kubeipvs.proxy.check;

import io.kubeipvs.proxy.check.facts.NodeFacts;
import java.util.List;
import java.util.Set;

/** A program of the host that listens on a node port is never asked: IPVS is. */
final class NodePortSocketCheck implements Check {
  static final String ID = "node-port-sockets";

  @Override
  public List<Finding> look(NodeFacts facts) {
    Set<NodePorts.NodePort> ports = NodePorts.of(facts);
    List<String> taken =
        facts.sockets().stream()
            .filter(socket -> !socket.address().isLoopback())
            .filter(s -> ports.contains(new NodePorts.NodePort(s.protocol(), s.port())))
            .map(socket -> Owners.described(socket, facts))
            .toList();
    if (taken.isEmpty()) {
      return List.of(
          Finding.ok(
              ID, "no program of this host listens on a node port", ports.size() + " ports"));
    }
    return List.of(
        Finding.of(
                ID,
                Severity.WARNING,
                "programs of this host listen on ports that node ports of Services take from them",
                taken)
            .remedy("give the Service another nodePort, or the program another port"));
  }
}
