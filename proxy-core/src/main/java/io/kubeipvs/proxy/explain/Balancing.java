package io.kubeipvs.proxy.explain;

import io.kubeipvs.ipvs.IpvsConnection;
import io.kubeipvs.ipvs.IpvsadmText;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.ServiceKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Offers packets to IPVS, as its hooks do. */
final class Balancing {
  static final String PLACE = "IPVS";

  private final Balancer balancer;

  Balancing(Facts facts) {
    this.balancer = new Balancer(facts);
  }

  Balancer balancer() {
    return balancer;
  }

  /** Gives the packet to a server, if a virtual service wants it. */
  List<Branch> offered(Branch branch) {
    if (branch.packet().virtual().isPresent()) {
      return List.of(branch);
    }
    Optional<IpvsConnection> connection = balancer.connection(branch.packet());
    if (connection.isPresent()) {
      return List.of(goesOn(branch, connection.get()));
    }
    Optional<BalancedService> service = balancer.service(branch.packet());
    return service.isEmpty() ? List.of(branch) : schedule(branch, service.get());
  }

  private static Branch goesOn(Branch branch, IpvsConnection connection) {
    ServiceKey key =
        ServiceKey.of(branch.packet().protocol(), connection.virtual(), connection.virtualPort());
    String server = connection.server().withPort(connection.serverPort());
    return branch
        .with(branch.packet().balanced(key, connection.server(), connection.serverPort()))
        .step(PLACE, "its connection goes on with " + server, connection.state());
  }

  private List<Branch> schedule(Branch branch, BalancedService service) {
    Balancer.Decision decision = balancer.decide(service, branch.packet());
    String evidence = "-A " + IpvsadmText.service(service.service());
    Branch decided = decision.doubt().isEmpty() ? branch : branch.doubting(decision.doubt());
    if (decision.choices().isEmpty()) {
      String why =
          service.servers().isEmpty()
              ? "no server behind the virtual service"
              : "no server takes new connections";
      return List.of(
          decided
              .step(PLACE, why, evidence)
              .ending(new Fate.Refused("ICMP port unreachable", "IPVS: " + why)));
    }
    List<Branch> ways = new ArrayList<>();
    for (Balancer.Choice choice : decision.choices()) {
      ways.add(given(decided, service.service().key(), choice, decision.why(), evidence));
    }
    return ways;
  }

  private static Branch given(
      Branch branch, ServiceKey key, Balancer.Choice choice, String why, String evidence) {
    RealServer server = choice.server();
    Packet packet =
        branch.packet().balanced(key, server.key().address(), port(server, branch.packet()));
    String to = server.key().address().withPort(packet.port()) + ", weight " + server.weight();
    return branch
        .times(choice.share())
        .with(packet)
        .step(PLACE, "to " + to + " (" + why + ")", evidence);
  }

  /** A server of a service of all ports has none of its own. */
  private static int port(RealServer server, Packet packet) {
    return server.key().port() == 0 ? packet.port() : server.key().port();
  }
}
