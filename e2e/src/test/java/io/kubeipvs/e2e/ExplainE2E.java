package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.net.Protocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code explain} foretells, compared with packets that are really sent. */
final class ExplainE2E extends ExposedScenario {
  private static final int OPEN_PORT = 9999;
  private static final int CLOSED_PORT = 9998;
  private static final int HOST_SERVER_PORT = 7777;

  /** Requests under way at a time: one core serves them all. */
  private static final int WAVE = 32;

  private static final int PAIRS = 500;

  /**
   * Connections that reach each of three servers, others between them or not; where chance decides,
   * but once in millions.
   */
  private static final int ENOUGH = Mode.isIptables() ? 40 : 9;

  /** Of {@link #FOREIGN}, a virtual service of somebody else. */
  private static final IpAddress FOREIGN_VIP = IpAddress.of("203.0.113.7");

  private final Client neighbour = cluster.addClient();
  private final Client balancer = cluster.addClient();
  private final List<Host> clients = List.of(client, neighbour, asker, a, c, node1);

  /** Where a machine stands still for a second, an answer may be taken for none; that is rare. */
  private static final int MOST_AGAIN = 10;

  private int lastPort = 30_000;
  private int sentAgain;

  /** A Service of a kind that the semantics tell of. */
  private record Kind(String name, int number, boolean sctp, String fields, List<Pod> pods) {
    IpAddress vip(AddressFamily family) {
      return IpAddress.of((family == AddressFamily.IPV4 ? "10.96.3." : "fd00:96::3:") + number);
    }

    IpAddress outer(AddressFamily family) {
      return IpAddress.of((family == AddressFamily.IPV4 ? "198.51.100." : "2001:db8:e::") + number);
    }

    int nodePort() {
      return NODE_PORT + number;
    }

    List<Protocol> protocols() {
      return sctp ? List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP) : PROTOCOLS;
    }
  }

  private List<Kind> kinds() {
    String local = "externalTrafficPolicy: Local";
    String ranges = "loadBalancerSourceRanges: [\"%s/32\", \"%s/128\"]";
    return List.of(
        new Kind("plain", 21, true, "sessionAffinity: None", List.of(a, b, c)),
        new Kind("nobody", 22, false, "sessionAffinity: None", List.of()),
        new Kind("local", 23, false, local, List.of(a, c)),
        new Kind("elsewhere", 24, false, local, List.of(c)),
        new Kind("inner", 25, false, "internalTrafficPolicy: Local", List.of(a, c)),
        new Kind("inner-out", 26, false, "internalTrafficPolicy: Local", List.of(c)),
        new Kind("ranged", 27, false, ranges.formatted(client.v4(), client.v6()), List.of(a, c)),
        new Kind("node-range", 28, false, ranges.formatted(node1.v4(), node1.v6()), List.of(b)),
        new Kind("alone", 29, false, "sessionAffinity: None", List.of(a)),
        new Kind("sticky", 30, false, "sessionAffinity: ClientIP", List.of(a, b, c)));
  }

  /** Nobody is told seldom that nobody listens: each request has to notice. */
  @BeforeAll
  void sayNoAsOftenAsAsked() {
    for (Host host : List.of(node1, node2, client, neighbour, asker, a, c)) {
      host.sysctl("net/ipv4/icmp_ratelimit", 0);
      host.sysctl("net/ipv6/icmp/ratelimit", 0);
    }
    cluster.route(IpPrefix.host(FOREIGN_VIP), node1);
    balancer.listen(Protocol.TCP, PORT);
    PROTOCOLS.forEach(protocol -> node1.listen(protocol, IpAddress.of("::"), OPEN_PORT));
    PROTOCOLS.forEach(protocol -> node1.listen(protocol, HOST_SERVER_PORT));
  }

  private void serveAll() {
    List<Object> all = new ArrayList<>();
    kinds().forEach(kind -> addTo(all, kind));
    write("kinds.yaml", all.toArray());
    write("others.yaml", others());
  }

  private void addTo(List<Object> all, Kind kind) {
    all.add(exposed(kind));
    for (SliceManifest slice : slices(kind.name(), kind.pods().toArray(Pod[]::new))) {
      all.add(kind.sctp() ? slice.port("sctp", Protocol.SCTP, POD_PORT) : slice);
    }
  }

  private static ExposedManifest exposed(Kind kind) {
    ExposedManifest service =
        ExposedManifest.of(
            "LoadBalancer",
            kind.name(),
            kind.vip(AddressFamily.IPV4),
            kind.vip(AddressFamily.IPV6));
    for (Protocol protocol : kind.protocols()) {
      service = service.port(protocol, PORT, kind.nodePort());
    }
    return service
        .ingress(kind.outer(AddressFamily.IPV4))
        .ingress(kind.outer(AddressFamily.IPV6))
        .with(kind.fields());
  }

  /** External IPs, an address that is not to be intercepted, and a server on the host itself. */
  private Object[] others() {
    ExposedManifest outer =
        ExposedManifest.of("LoadBalancer", "outer", IpAddress.of("10.96.3.41"))
            .port(Protocol.TCP, PORT)
            .ingress(balancer.v4(), "Proxy")
            .with("externalIPs: [" + OTHER_OUTER + "]");
    ServiceManifest host =
        ServiceManifest.of("host", IpAddress.of("10.96.3.42")).port("tcp", Protocol.TCP, PORT);
    SliceManifest server =
        SliceManifest.of("host", AddressFamily.IPV4)
            .port("tcp", Protocol.TCP, HOST_SERVER_PORT)
            .backend(node1.v4(), node1.name(), SliceManifest.READY);
    SliceManifest slice = slice("outer", AddressFamily.IPV4, b);
    return new Object[] {outer, slice.port("tcp", Protocol.TCP, POD_PORT), host, server};
  }

  // Questions.

  /** A pair of the table. */
  private record Ask(Host from, Protocol protocol, IpAddress address, int port) {
    String client() {
      return from instanceof Node ? "node" : from.addresses().of(address.family()).toString();
    }

    String destination() {
      return address.withPort(port) + "/" + protocol.lowerCaseName();
    }

    @Override
    public String toString() {
      return from.name() + " (" + client() + ") to " + destination();
    }
  }

  private List<Ask> asks() {
    List<Ask> asks = new ArrayList<>();
    for (Host from : clients) {
      for (Kind kind : kinds()) {
        for (AddressFamily family : AddressFamily.values()) {
          for (Protocol protocol : of(family)) {
            asks.add(new Ask(from, protocol, kind.vip(family), PORT));
            asks.add(new Ask(from, protocol, kind.outer(family), PORT));
            asks.add(new Ask(from, protocol, node1.addresses().of(family), kind.nodePort()));
          }
        }
      }
      asks.addAll(otherAsks(from));
    }
    return asks;
  }

  /** UDP over IPv6 says nothing that neither of both says. */
  private static List<Protocol> of(AddressFamily family) {
    return family == AddressFamily.IPV4 ? PROTOCOLS : List.of(Protocol.TCP);
  }

  private List<Ask> otherAsks(Host from) {
    List<Ask> asks = new ArrayList<>();
    for (String address : List.of("10.96.3.41", "10.96.3.42", OTHER_OUTER.toString())) {
      asks.add(new Ask(from, Protocol.TCP, IpAddress.of(address), PORT));
    }
    asks.add(new Ask(from, Protocol.TCP, balancer.v4(), PORT));
    Kind plain = kinds().get(0);
    for (Protocol protocol : PROTOCOLS) {
      for (int port : List.of(OPEN_PORT, CLOSED_PORT)) {
        asks.add(new Ask(from, protocol, node1.v4(), port));
        asks.add(new Ask(from, protocol, plain.vip(AddressFamily.IPV4), port));
        asks.add(new Ask(from, protocol, plain.vip(AddressFamily.IPV6), port));
        asks.add(new Ask(from, protocol, plain.outer(AddressFamily.IPV4), port));
      }
      asks.add(new Ask(from, protocol, b.v4(), POD_PORT));
      asks.add(new Ask(from, protocol, b.v6(), POD_PORT));
    }
    if (protocols().contains(Protocol.SCTP)) {
      asks.add(new Ask(from, Protocol.SCTP, plain.vip(AddressFamily.IPV4), PORT));
      asks.add(new Ask(from, Protocol.SCTP, plain.outer(AddressFamily.IPV4), PORT));
    }
    if (from instanceof Node) {
      asks.add(new Ask(from, Protocol.TCP, IpAddress.of("127.0.0.1"), OPEN_PORT));
      asks.add(new Ask(from, Protocol.TCP, IpAddress.of("127.0.0.1"), plain.nodePort()));
    }
    return asks;
  }

  private List<Foretold> explain(List<Ask> asks, String... more) {
    List<String> questions = new ArrayList<>();
    asks.forEach(ask -> questions.add(ask.client() + " " + ask.destination()));
    questions.addAll(List.of(more));
    Path file = directory().resolve("questions");
    try {
      Files.write(file, questions);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Output output = Daemon.run(node1, "explain", "--batch", file.toString()).orFail();
    List<String> lines = output.stdout().lines().toList();
    assertThat(lines).as(output.stderr()).hasSize(questions.size());
    return lines.stream().map(Foretold::parse).toList();
  }

  /** Each packet is sent once, many at a time. */
  private List<String> send(List<Ask> asks, List<Foretold> foretold) {
    List<String> wrong = new ArrayList<>();
    for (int first = 0; first < asks.size(); first += WAVE) {
      List<Ask> wave = asks.subList(first, Math.min(first + WAVE, asks.size()));
      List<Request> requests = wave.stream().map(this::request).toList();
      List<Load> loads = new ArrayList<>();
      for (int i = 0; i < wave.size(); i++) {
        loads.add(wave.get(i).from().start(requests.get(i)));
      }
      for (int i = 0; i < wave.size(); i++) {
        Ask ask = wave.get(i);
        Truth truth = Truth.of(ask.from(), ask.protocol(), loads.get(i).done());
        Foretold said = foretold.get(first + i);
        if (!said.agrees(truth, this::nameOf) && truth.isDropped() && sentAgain++ < MOST_AGAIN) {
          Request again = requests.get(i).within(Duration.ofSeconds(10));
          truth = Truth.of(ask.from(), ask.protocol(), ask.from().request(again));
        }
        if (!said.agrees(truth, this::nameOf)) {
          wrong.add(wave.get(i) + ": said " + said.line() + "\n    but " + truth);
        }
      }
    }
    return wrong;
  }

  /** Long enough for a SYN that is sent again, which no dropped one survives. */
  private Request request(Ask ask) {
    Request plain = Request.to(ask.protocol(), ask.address(), ask.port()).endingByReset();
    return plain.fromPort(lastPort++).within(Duration.ofMillis(Mode.isIptables() ? 2500 : 1500));
  }

  private String nameOf(IpAddress server) {
    return Stream.of(a, b, c, node1, balancer)
        .filter(host -> host.v4().equals(server) || host.v6().equals(server))
        .map(Host::name)
        .findFirst()
        .orElse(Foretold.NOBODY);
  }

  @Test
  void everyForetoldEndComesTrue() {
    startServing("--ipvs-drain-timeout=5m");
    List<Ask> asks = asks();
    compare(asks);
    assertThat(asks).hasSizeGreaterThan(PAIRS);
    thenThingsChange();
  }

  /** A part of the same questions, with VIPs as addresses, which are sources too. */
  @IpvsOnly("iptables mode binds no VIPs")
  @Tag("long")
  @Test
  void withVipsAsAddressesToo() {
    startServing("--ipvs-vip-binding=address");
    compare(asks());
  }

  private void startServing(String... flags) {
    serveAll();
    start(flags);
    for (Kind kind : kinds()) {
      Pod[] pods = kind.name().equals("sticky") ? new Pod[] {a, b, c} : new Pod[0];
      if (pods.length > 0) {
        awaitServed(ServiceKey.of(Protocol.UDP, kind.vip(AddressFamily.IPV6), PORT), pods);
      }
    }
    awaitServed(ServiceKey.of(Protocol.TCP, OTHER_OUTER, PORT), b);
  }

  private void compare(List<Ask> asks) {
    long began = System.nanoTime();
    List<Foretold> foretold = explain(asks);
    figure(asks.size() + " questions answered in", millisSince(began) + " ms");
    began = System.nanoTime();
    List<String> wrong = send(asks, foretold);
    figure(asks.size() + " packets sent in", millisSince(began) + " ms");
    Map<String, Integer> ends = new TreeMap<>();
    foretold.forEach(each -> ends.merge(each.kinds().toString(), 1, Integer::sum));
    figure("client and destination pairs, by what was foretold", ends);
    figure("pairs that disagree", wrong.size());
    assertThat(String.join("\n", wrong)).isEmpty();
    assertThat(foretold).noneMatch(Foretold::isUncertain);
  }

  /**
   * Templates of persistence name one server, and so does a connection that is there; a server on
   * its way out gets nobody new; of two Services that want an address the older has it.
   */
  private void thenThingsChange() {
    Kind plain = kinds().get(0);
    Kind sticky = kinds().get(kinds().size() - 1);
    IpAddress vip = plain.vip(AddressFamily.IPV4);
    int port = lastPort++;
    Request held = Request.tcp(vip, PORT).times(0).overOneConnection().within(PATIENCE);
    try (Load one = client.start(held.fromPort(port).pausing(Duration.ofMillis(50)));
        Load all = asker.start(held.parallel(ENOUGH).pausing(Duration.ofMillis(50)))) {
      Await.until(PATIENCE, () -> !one.soFar().answers().isEmpty(), () -> "no answer");
      Await.until(PATIENCE, () -> all.soFar().byServer().size() == 3, () -> "not all three");
      takeAway(c, plain);
      List<Ask> asks = new ArrayList<>();
      for (Host from : clients) {
        asks.add(new Ask(from, Protocol.TCP, vip, PORT));
        asks.add(new Ask(from, Protocol.TCP, OTHER_OUTER, PORT));
        if (!Mode.isIptables()) {
          asks.add(new Ask(from, Protocol.TCP, FOREIGN_VIP, PORT));
        }
        asks.add(new Ask(from, Protocol.TCP, sticky.vip(AddressFamily.IPV6), PORT));
        asks.add(new Ask(from, Protocol.TCP, sticky.vip(AddressFamily.IPV4), PORT));
      }
      if (Mode.isIptables()) {
        awaitTellableTicks();
      }
      String connection = client.v4() + ":" + port + " " + vip.withPort(PORT);
      List<Foretold> foretold = explain(asks, connection);
      Foretold ofConnection = foretold.get(asks.size());
      String server = addressOf(one.soFar().answers().get(0).server()).withPort(POD_PORT);
      assertThat(ofConnection.ends()).singleElement().asString().startsWith(server);
      for (int i = 0; i < asks.size(); i++) {
        Foretold each = foretold.get(i);
        if (asks.get(i).address().equals(vip)) {
          assertThat(each.line()).doesNotContain(c.v4().withPort(POD_PORT));
        } else {
          assertThat(each.ends()).as(each.line()).hasSize(1);
        }
      }
      assertThat(send(asks, foretold)).isEmpty();
    }
  }

  /** Five minutes after its start a kernel's ticks are as many for two rates: see RecentLists. */
  private static void awaitTellableTicks() {
    Duration most = PATIENCE.multipliedBy(2);
    Await.until(most, () -> uptime() < 260 || uptime() > 320, () -> "uptime " + uptime());
  }

  private static double uptime() {
    try {
      return Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split(" ", 2)[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From that Service; and a younger one comes that wants another's external IP. */
  private void takeAway(Pod pod, Kind from) {
    List<Object> all = new ArrayList<>();
    kinds().stream().filter(kind -> !kind.equals(from)).forEach(kind -> addTo(all, kind));
    List<Pod> left = from.pods().stream().filter(each -> !each.equals(pod)).toList();
    addTo(all, new Kind(from.name(), from.number(), from.sctp(), from.fields(), left));
    all.add(
        ServiceManifest.of("younger", IpAddress.of("10.96.3.43"))
            .created("2026-02-01T00:00:00Z")
            .port("tcp", Protocol.TCP, PORT)
            .with("externalIPs: [" + OTHER_OUTER + "]"));
    write("kinds.yaml", all.toArray());
    ServiceKey.Address key = ServiceKey.of(Protocol.TCP, from.vip(AddressFamily.IPV4), PORT);
    String server = pod.v4().withPort(POD_PORT);
    Integer draining = Mode.isIptables() ? null : 0; // a rule that leads nowhere new is no rule
    awaitKernel(state -> Objects.equals(draining, state.servers(key).get(server)));
    awaitServers(ServiceKey.of(Protocol.TCP, IpAddress.of("10.96.3.43"), PORT));
  }

  private IpAddress addressOf(String pod) {
    return Stream.of(a, b, c)
        .filter(each -> each.name().equals(pod))
        .findFirst()
        .orElseThrow()
        .v4();
  }
}
