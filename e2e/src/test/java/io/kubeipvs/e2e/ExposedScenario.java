package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.net.Protocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;

/** Services that are reached from outside; the Service {@code web} in both families. */
abstract class ExposedScenario extends Scenario {
  static final IpAddress VIP = IpAddress.of("10.96.2.10");
  static final IpAddress VIP_V6 = IpAddress.of("fd00:96::2:10");

  /** Routed to node1 from everywhere. */
  static final IpAddress OUTER = IpAddress.of("198.51.100.10");

  static final IpAddress OUTER_V6 = IpAddress.of("2001:db8:e::10");
  static final IpAddress OTHER_OUTER = IpAddress.of("198.51.100.20");
  static final int PORT = 80;
  static final int NODE_PORT = 30_080;
  static final List<Protocol> PROTOCOLS = List.of(Protocol.TCP, Protocol.UDP);

  /** Less than it takes until a SYN is sent again. */
  static final Duration AT_ONCE = Duration.ofMillis(700);

  private int nextPort = 20_000;

  @BeforeAll
  void routeOuterAddresses() {
    for (String range : List.of("198.51.100.0/24", "2001:db8:e::/64")) {
      cluster.route(IpPrefix.of(range), node1);
    }
  }

  /** TCP and UDP, with node ports. */
  static ExposedManifest web(String type) {
    return ExposedManifest.of(type, "web", VIP, VIP_V6)
        .port(Protocol.TCP, PORT, NODE_PORT)
        .port(Protocol.UDP, PORT, NODE_PORT);
  }

  /** The slices of both families, TCP and UDP. */
  List<SliceManifest> slices(String service, Pod... pods) {
    List<SliceManifest> slices = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      SliceManifest slice = slice(service, family, pods);
      for (Protocol protocol : PROTOCOLS) {
        slice = slice.port(protocol.lowerCaseName(), protocol, POD_PORT);
      }
      slices.add(slice);
    }
    return slices;
  }

  /** One file, so that the daemon never sees half of it. */
  void serve(Object service, Pod... pods) {
    List<Object> all = new ArrayList<>(List.of(service));
    all.addAll(slices("web", pods));
    write("web.yaml", all.toArray());
  }

  /** Waits for exactly these servers, wherever the service's address comes from. */
  KernelState awaitServers(ServiceKey.Address service, Pod... pods) {
    Map<String, Integer> expected = new TreeMap<>();
    for (Pod pod : pods) {
      expected.put(pod.addresses().of(service.family()).withPort(POD_PORT), 1);
    }
    return awaitKernel(
        state -> state.services().containsKey(service) && state.servers(service).equals(expected));
  }

  /** Both protocols at that address and port. */
  void awaitServers(IpAddress address, int port, Pod... pods) {
    PROTOCOLS.forEach(protocol -> awaitServers(ServiceKey.of(protocol, address, port), pods));
  }

  void awaitVips(List<IpAddress> vips, Pod... pods) {
    for (IpAddress vip : vips) {
      PROTOCOLS.forEach(protocol -> awaitServed(ServiceKey.of(protocol, vip, PORT), pods));
    }
  }

  /** What the log tells of syncs that did something. */
  static List<String> syncs(Daemon daemon) {
    return daemon.log().lines().filter(line -> line.contains(" synced ")).toList();
  }

  /**
   * Waits until a sync after these has done something of that kind, and the last one left so many
   * virtual services and servers. Quicker than a look at the kernel.
   */
  static void awaitSync(
      Daemon daemon, List<String> before, String phase, int services, int servers) {
    String left = " synced %d services, %d servers ".formatted(services, servers);
    Await.until(
        PATIENCE,
        () -> {
          List<String> all = syncs(daemon);
          List<String> since = all.subList(before.size(), all.size());
          if (all.isEmpty()) {
            return false;
          }
          String last = all.get(all.size() - 1);
          if (Mode.isIptables()) { // one operation does all; a server of many ports is counted once
            return since.stream().anyMatch(line -> line.contains("WRITE_RULES="))
                && last.contains(" synced " + services + " services, ")
                && last.contains(", 0 servers ") == (servers == 0);
          }
          return since.stream().anyMatch(line -> line.contains(phase)) && last.contains(left);
        },
        daemon::log);
  }

  /** Requests whose source ports nobody used before. */
  Request fresh(Protocol protocol, IpAddress address, int port, int times) {
    int first = nextPort;
    nextPort += times;
    return Request.to(protocol, address, port)
        .times(times)
        .fromPorts(first)
        .within(Duration.ofSeconds(30));
  }

  /** All are answered, evenly by these pods, which see this address as the client's. */
  void assertAnswered(
      Host from, Protocol protocol, IpAddress address, int port, IpAddress seen, Pod... by) {
    String what = from.name() + " to " + protocol + " " + address.withPort(port);
    Answers answers = from.request(fresh(protocol, address, port, 2 * by.length));
    assertThat(answers.failures()).as(what).isEmpty();
    assertShared(what, answers, 2, by);
    assertThat(answers.clients()).as(what).isEqualTo(Set.of(seen));
  }

  /** Nobody answers, not even to say no. */
  void assertDropped(Host from, Protocol protocol, IpAddress address, int port) {
    Request request = fresh(protocol, address, port, 2).within(Duration.ofMillis(300));
    assertThat(from.request(request).byReason())
        .as(from.name() + " to " + protocol + " " + address.withPort(port))
        .isEqualTo(Map.of(reason(from, protocol, Answers.Failure.TIMEOUT), 2));
  }

  /** Somebody says no, at once. */
  void assertRefused(Host from, Protocol protocol, IpAddress address, int port, int times) {
    String what = from.name() + " to " + protocol + " " + address.withPort(port);
    Request request = fresh(protocol, address, port, times);
    // Each may notice late in iptables mode, and all of them need not wait for each other.
    Answers answers = from.request(Mode.isIptables() ? request.parallel(times) : request);
    assertThat(answers.byReason())
        .as(what)
        .isEqualTo(Map.of(refusal(from, protocol, address), times));
    Duration slowest =
        answers.failures().stream()
            .map(Answers.Failure::total)
            .max(Duration::compareTo)
            .orElseThrow();
    figure("refused: " + what, "slowest of " + times + ": " + slowest.toMillis() + " ms");
    assertThat(slowest).as(what).isLessThan(Mode.isIptables() ? noticed() : AT_ONCE);
  }

  /** What a node sends to itself in iptables mode is refused on the way in, not on the way out. */
  private static String refusal(Host from, Protocol protocol, IpAddress address) {
    boolean onTheWayIn = Mode.isIptables() && address.equals(from.addresses().of(address.family()));
    return onTheWayIn ? Answers.Failure.REFUSED : reason(from, protocol, Answers.Failure.REFUSED);
  }

  /**
   * A node's own kernel tells its UDP senders at once that a packet was dropped on the way out, and
   * that comes before any ICMP message.
   */
  static String reason(Host from, Protocol protocol, String otherwise) {
    return from instanceof Node && protocol.equals(Protocol.UDP) ? "EPERM" : otherwise;
  }
}
