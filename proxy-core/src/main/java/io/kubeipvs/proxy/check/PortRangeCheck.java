package io.kubeipvs.proxy.check;

import io.kubeipvs.proxy.check.facts.NodeFacts;
import java.util.List;

/**
 * A program of the host that connects out may be given a node port as its own port: the answers it
 * waits for are then taken for packets to the Service.
 */
final class PortRangeCheck implements Check {
  static final String ID = "port-range";

  private static final String RANGE = "net/ipv4/ip_local_port_range";
  private static final String RESERVED = "net/ipv4/ip_local_reserved_ports";

  @Override
  public List<Finding> look(NodeFacts facts) {
    List<Integer> range = facts.sysctls().numbers(RANGE);
    if (range.size() != 2) {
      return List.of();
    }
    List<Integer> inside =
        NodePorts.of(facts).stream()
            .map(NodePorts.NodePort::port)
            .distinct()
            .filter(port -> port >= range.get(0) && port <= range.get(1))
            .filter(port -> !isReserved(port, facts.sysctls().text(RESERVED).orElse("")))
            .toList();
    String evidence = facts.sysctls().shown(RANGE).replaceAll("\\s+", " ");
    if (inside.isEmpty()) {
      return List.of(
          Finding.ok(
              ID, "no node port is among the ports the host's programs are given", evidence));
    }
    return List.of(
        Finding.of(
                ID,
                Severity.WARNING,
                "node ports are among the ports that outgoing connections of this host are given:"
                    + " such a connection gets no answers",
                evidence,
                "node ports in there: " + inside)
            .remedy("sysctl -w net.ipv4.ip_local_port_range=\"32768 60999\", or reserve them"));
  }

  /** {@code 8080,30000-32767}. */
  private static boolean isReserved(int port, String reserved) {
    for (String part : reserved.split(",", -1)) {
      if (part.matches("[0-9]{1,5}(-[0-9]{1,5})?")) {
        String[] ends = part.split("-", -1);
        int last = Integer.parseInt(ends[ends.length - 1]);
        if (port >= Integer.parseInt(ends[0]) && port <= last) {
          return true;
        }
      }
    }
    return false;
  }
}
