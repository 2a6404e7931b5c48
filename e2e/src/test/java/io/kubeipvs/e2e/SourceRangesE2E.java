package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code loadBalancerSourceRanges}: who may come to a load balancer's IP. */
final class SourceRangesE2E extends ExposedScenario {
  /** An emulated processor, some ten times slower, does a tenth. */
  private static final int EFFORT =
      System.getProperty("kubeipvs.guest", "").equals("qemu") ? 1 : 10;

  private static final int CHANGES = 80 * EFFORT;
  private static final int DELETIONS = 20 * EFFORT;
  private static final int OTHER_PORT = 81;

  /** Virtual services of {@link #web}: two protocols, two families, three addresses. */
  private static final int SERVICES = 12;

  /** Of 192.0.2.10/31 and 2001:db8::10/127, as the client is. */
  private final Client neighbour = cluster.addClient();

  private final Client stranger = cluster.addClient();

  private ExposedManifest ranged(String... ranges) {
    return ranges(web("LoadBalancer").ingress(OUTER).ingress(OUTER_V6), ranges);
  }

  private static ExposedManifest ranges(ExposedManifest service, String... ranges) {
    List<String> quoted = List.of(ranges).stream().map(range -> "\"" + range + "\"").toList();
    return service.with("loadBalancerSourceRanges: " + quoted);
  }

  /** A single address is listed without its length, which must not look like a difference. */
  @Test
  void onlyTheRangesGetInAndSingleAddressesAreWrittenOnce() {
    Path trace = directory().resolve("trace");
    serve(ranged(client.v4() + "/32", client.v6() + "/128"), a, c);
    start("--ipvs-sync-period=1s", "--netlink-trace=" + trace);
    awaitVips(List.of(OUTER, OUTER_V6), a, c);
    for (IpAddress outer : List.of(OUTER, OUTER_V6)) {
      for (Protocol protocol : PROTOCOLS) {
        assertAnswered(client, protocol, outer, PORT, node1.addresses().of(outer.family()), a, c);
        assertDropped(neighbour, protocol, outer, PORT);
        assertDropped(stranger, protocol, outer, PORT);
        assertDropped(asker, protocol, outer, PORT);
        assertDropped(node1, protocol, outer, PORT);
      }
    }
    // The ranges are the load balancer IP's alone.
    assertAnswered(asker, Protocol.TCP, VIP, PORT, asker.v4(), a, c);

    if (Mode.isIptables()) {
      return; // there are no sets to write to; IptablesLoopE2E shows that rules are not
    }
    NetlinkWrites soFar = NetlinkWrites.of(trace);
    awaitLooks(trace, soFar.looks() + 3);
    assertThat(NetlinkWrites.of(trace).since(soFar).writes()).isEmpty();
  }

  @Test
  void aRangeOfEverybodyLetsEverybodyInAndTheNodesAddressLetsTheNodeIn() {
    serve(ranged("0.0.0.0/0", "::/0"), a, c);
    start();
    awaitVips(List.of(OUTER, OUTER_V6), a, c);
    for (IpAddress outer : List.of(OUTER, OUTER_V6)) {
      IpAddress node = node1.addresses().of(outer.family());
      for (Host from : List.of(client, stranger, asker, node1)) {
        assertAnswered(from, Protocol.TCP, outer, PORT, node, a, c);
      }
    }

    serve(ranged(client.v4() + "/32", node1.v4() + "/32"), a, c);
    awaitKernel(SourceRangesE2E::letsTheNodeIn);
    assertAnswered(node1, Protocol.TCP, OUTER, PORT, node1.v4(), a, c);
    assertAnswered(client, Protocol.TCP, OUTER, PORT, node1.v4(), a, c);
    assertDropped(asker, Protocol.TCP, OUTER, PORT);
  }

  @Test
  void servicesThatShareAnIpHaveRangesOfTheirOwn() {
    serve(ranged(client.v4() + "/32", client.v6() + "/128"), a);
    List<Object> other = new ArrayList<>();
    ExposedManifest service =
        ExposedManifest.of("LoadBalancer", "other", IpAddress.of("10.96.2.40"))
            .port(Protocol.TCP, OTHER_PORT)
            .ingress(OUTER);
    other.add(ranges(service, neighbour.v4() + "/32"));
    other.addAll(slices("other", c));
    write("other.yaml", other.toArray());
    start();
    awaitVips(List.of(OUTER), a);
    awaitServed(ServiceKey.of(Protocol.TCP, OUTER, OTHER_PORT), c);

    assertAnswered(client, Protocol.TCP, OUTER, PORT, node1.v4(), a);
    assertDropped(client, Protocol.TCP, OUTER, OTHER_PORT);
    assertAnswered(neighbour, Protocol.TCP, OUTER, OTHER_PORT, node1.v4(), c);
    assertDropped(neighbour, Protocol.TCP, OUTER, PORT);
    assertDropped(neighbour, Protocol.UDP, OUTER, PORT);
  }

  private static boolean letsTheNodeIn(KernelState state) {
    return Mode.isIptables()
        ? state.lines(KernelState.RULES_V4).stream()
            .anyMatch(rule -> rule.matches("nat -A KUBE-FW-.* -s " + OUTER + "/32 .*"))
        : state.entries("LOAD-BALANCER-SOURCE-IP").size() == 2
            && !state.entries("LOAD-BALANCER-FW").isEmpty(); // only those in a range
  }

  @Test
  void neverOpenDuringAThousandUpdates() {
    serve(ranged(own(0), own6(0)), a, c);
    Daemon daemon = start("--ipvs-drain-timeout=1s");
    awaitVips(List.of(OUTER, OUTER_V6), a, c);
    List<Load> trying =
        List.of(
            stranger.start(endless(Protocol.TCP, OUTER).parallel(2)),
            stranger.start(endless(Protocol.UDP, OUTER)),
            stranger.start(endless(Protocol.TCP, OUTER_V6)),
            asker.start(endless(Protocol.TCP, OUTER)),
            node1.start(endless(Protocol.TCP, OUTER)));
    Request inside = Request.tcp(OUTER, PORT).times(0).pausing(Duration.ofMillis(20));
    long began = System.nanoTime();
    Answers served;
    try (Load using = client.start(inside.endingByReset().within(Duration.ofSeconds(30)))) {
      change(daemon);
      served = using.stop();
    }
    delete(daemon);
    figure(CHANGES + DELETIONS + " updates took", millisSince(began) + " ms");

    int attempts = 0;
    for (Load load : trying) {
      Answers answers = load.stop();
      attempts += answers.failures().size();
      assertThat(answers.answers()).as("of those who must stay out").isEmpty();
    }
    figure("attempts from outside the ranges meanwhile, 0 got in", attempts);
    figure("requests from inside while ranges and endpoints changed", served.answers().size());
    assertThat(served.failures()).as("of the client that may come in").isEmpty();
    assertThat(attempts).isGreaterThan(CHANGES + DELETIONS);
  }

  private static Request endless(Protocol protocol, IpAddress address) {
    Request trying = Request.to(protocol, address, PORT).times(0);
    return trying.within(Duration.ofMillis(40)).pausing(Duration.ofMillis(10));
  }

  /** Other ranges each time, and endpoints; the client's own range is written in two ways. */
  private void change(Daemon daemon) {
    for (int update = 1; update <= CHANGES; update++) {
      Pod[] pods = update % 4 < 2 ? new Pod[] {a, c} : new Pod[] {a, b, c};
      String nobody = "203.0.%d.0/24".formatted(update % 250);
      List<String> before = syncs(daemon);
      serve(ranged(own(update), own6(update), nobody), pods);
      awaitSync(daemon, before, "ADD_ENTRIES=", SERVICES, SERVICES * pods.length);
    }
  }

  private void delete(Daemon daemon) {
    for (int update = 1; update <= DELETIONS; update++) {
      List<String> before = syncs(daemon);
      write("web.yaml");
      awaitSync(daemon, before, "DELETE_SERVICES=", 0, 0);
      before = syncs(daemon);
      serve(ranged(own(update), own6(update)), a, c);
      awaitSync(daemon, before, "ADD_ENTRIES=", SERVICES, SERVICES * 2);
    }
  }

  private static String own(int update) {
    return update % 2 == 0 ? "192.0.2.10/32" : "192.0.2.10/31";
  }

  private static String own6(int update) {
    return update % 2 == 0 ? "2001:db8::10/128" : "2001:db8::10/127";
  }
}
