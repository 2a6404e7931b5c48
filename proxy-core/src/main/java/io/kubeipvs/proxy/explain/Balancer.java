package io.kubeipvs.proxy.explain;

import io.kubeipvs.ipvs.IpvsConnection;
import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.ipvs.ServiceFlags;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.net.Protocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The IPVS table: which virtual service takes a packet, and who gets it. */
final class Balancer {
  private final Map<ServiceKey, BalancedService> services = new HashMap<>();
  private final List<IpvsConnection> connections;

  /** Whether the kernel throws a template away whose server drains. */
  private final boolean templatesExpire;

  Balancer(Facts facts) {
    facts.services().forEach(each -> services.put(each.service().key(), each));
    this.connections = facts.connections();
    this.templatesExpire = facts.sysctl("net/ipv4/vs/expire_quiescent_template").orElse(0) != 0;
  }

  /**
   * A server that may get a packet.
   *
   * @param share 0..1; of new connections in the long run where the scheduler has a memory
   */
  record Choice(RealServer server, double share) {}

  /**
   * What IPVS does.
   *
   * @param choices empty where there is nobody to give the packet to
   * @param why in words: how one of the choices is made
   * @param doubt empty where nothing had to be assumed
   */
  record Decision(BalancedService by, List<Choice> choices, String why, String doubt) {
    Decision {
      choices = List.copyOf(choices);
    }
  }

  /** By mark first, then by address and port, then by address alone. */
  Optional<BalancedService> service(Packet packet) {
    if (packet.mark() != 0) {
      BalancedService marked = services.get(ServiceKey.ofMark(packet.family(), packet.mark()));
      if (marked != null) {
        return Optional.of(marked);
      }
    }
    if (!isBalanced(packet.protocol())) {
      return Optional.empty();
    }
    return at(packet, packet.port()).or(() -> at(packet, 0));
  }

  private static boolean isBalanced(Protocol protocol) {
    return List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP).contains(protocol);
  }

  private Optional<BalancedService> at(Packet packet, int port) {
    return Optional.ofNullable(
        services.get(ServiceKey.of(packet.protocol(), packet.destination(), port)));
  }

  Optional<BalancedService> service(ServiceKey key) {
    return Optional.ofNullable(services.get(key));
  }

  /** The connection of exactly this client's port. */
  Optional<IpvsConnection> connection(Packet packet) {
    return packet.sourcePort() == 0
        ? Optional.empty()
        : connections.stream()
            .filter(each -> isFrom(each, packet.source(), packet))
            .filter(each -> each.clientPort() == packet.sourcePort())
            .findFirst();
  }

  /** Connections of this client, from whichever port. */
  List<IpvsConnection> connections(Packet packet) {
    return connections.stream()
        .filter(each -> isFrom(each, packet.source(), packet) && each.clientPort() != 0)
        .toList();
  }

  private static boolean isFrom(IpvsConnection each, IpAddress client, Packet packet) {
    return each.client().equals(client)
        && each.virtual().equals(packet.destination())
        && each.virtualPort() == packet.port()
        && each.protocol().filter(packet.protocol()::equals).isPresent();
  }

  Decision decide(BalancedService by, Packet packet) {
    VirtualService service = by.service();
    Optional<Choice> kept = template(by, packet);
    if (kept.isPresent()) {
      String why = "session affinity: a template sends " + packet.source() + " there";
      return new Decision(by, List.of(kept.get()), why, "");
    }
    Schedule.Shares shares = Schedule.of(service.scheduler(), by.servers());
    List<Choice> choices = new ArrayList<>();
    shares.byServer().forEach((server, share) -> choices.add(new Choice(server, share)));
    String affinity =
        service.flags().has(ServiceFlags.PERSISTENT)
            ? ", and then stays there for " + service.persistenceSeconds() + " s"
            : "";
    return new Decision(by, choices, shares.why() + affinity, shares.doubt());
  }

  /** Where persistence sends this client, if it was here before. */
  private Optional<Choice> template(BalancedService by, Packet packet) {
    VirtualService service = by.service();
    if (!service.flags().has(ServiceFlags.PERSISTENT)
        || !(service.key() instanceof ServiceKey.Address key)) {
      return Optional.empty();
    }
    IpAddress client = network(packet.source(), service);
    return connections.stream()
        .filter(each -> each.clientPort() == 0 && each.client().equals(client))
        .filter(each -> each.virtual().equals(key.address()) && each.virtualPort() == key.port())
        .filter(each -> each.protocol().filter(key.protocol()::equals).isPresent())
        .flatMap(each -> server(by, each).stream())
        .findFirst()
        .map(server -> new Choice(server, 1));
  }

  private Optional<RealServer> server(BalancedService by, IpvsConnection template) {
    ServerKey key = new ServerKey(template.server(), template.serverPort());
    return by.servers().stream()
        .map(ObservedServer::server)
        .filter(server -> server.key().equals(key))
        .filter(server -> server.weight() > 0 || !templatesExpire)
        .findFirst();
  }

  /** Clients of one network are one client, if the service says so. */
  private static IpAddress network(IpAddress client, VirtualService service) {
    int length =
        client.family() == AddressFamily.IPV4
            ? Integer.bitCount(service.netmask())
            : service.netmask();
    return new IpPrefix(client, length).network();
  }
}
