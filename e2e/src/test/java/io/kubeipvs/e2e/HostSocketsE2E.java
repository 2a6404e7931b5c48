package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A VIP is local to the node, but not the node's: only its Service's ports and ping answer. */
@IpvsOnly(
    "a VIP is no address of the node in iptables mode, so its other ports lead to no "
        + "socket of the node")
final class HostSocketsE2E extends ExposedScenario {
  private static final IpAddress ANY = IpAddress.of("::");
  private static final int HOST_PORT = 9999;
  private static final int ROUNDS = 50;
  private static final Duration PAUSE = Duration.ofMillis(10);

  @BeforeEach
  void listenOnAllAddressesOfTheHost() {
    PROTOCOLS.forEach(protocol -> node1.listen(protocol, ANY, HOST_PORT));
  }

  @AfterEach
  void stopListening() {
    PROTOCOLS.forEach(protocol -> node1.namespace().stopListening(protocol, ANY, HOST_PORT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"route", "address"})
  void otherPortsOfAVipNeverReachTheHost(String binding) {
    List<IpAddress> vips = List.of(VIP, VIP_V6, OUTER, OTHER_OUTER, OUTER_V6);
    serve(
        web("LoadBalancer")
            .ingress(OUTER)
            .ingress(OUTER_V6)
            .with("externalIPs: [" + OTHER_OUTER + "]"),
        a);
    start("--ipvs-vip-binding=" + binding);
    awaitVips(vips, a);
    for (Host from : List.of(asker, client, node1)) {
      for (IpAddress vip : vips) {
        assertRefused(from, Protocol.TCP, vip, HOST_PORT, 10);
        assertThat(from.request(Request.udp(vip, HOST_PORT)).byReason())
            .as(from.name() + " to UDP " + vip)
            .containsOnlyKeys(Answers.Failure.REFUSED);
        assertThat(from.ping(vip, 1).failures()).as(from.name() + " pings " + vip).isEmpty();
      }
    }
    // They do listen.
    for (Protocol protocol : PROTOCOLS) {
      Request own = Request.to(protocol, node1.v4(), HOST_PORT);
      assertThat(client.request(own).byServer()).containsOnlyKeys(node1.name());
    }
  }

  /** The address stays open for another port. */
  @Test
  void aPortThatComesAndGoesNeverLeadsToTheHost() {
    serve(web("ClusterIP").with("externalIPs: [" + OUTER + "]"), a);
    Daemon daemon = start("--ipvs-drain-timeout=0s");
    awaitVips(List.of(VIP, OUTER), a);
    List<Load> loads = new ArrayList<>();
    for (Protocol protocol : PROTOCOLS) {
      Request trying = Request.to(protocol, OUTER, HOST_PORT).times(0).endingByReset();
      loads.add(client.start(trying.within(PAUSE).pausing(PAUSE)));
      loads.add(node1.start(trying.within(PAUSE).pausing(PAUSE)));
    }
    for (int round = 1; round <= ROUNDS; round++) {
      List<String> before = syncs(daemon);
      write("extra.yaml", extra());
      awaitSync(daemon, before, "ADD_ENTRIES=", 10, 10);
      before = syncs(daemon);
      write("extra.yaml");
      awaitSync(daemon, before, "DELETE_SERVICES=", 6, 6);
    }
    int requests = 0;
    int served = 0;
    for (Load load : loads) {
      Answers answers = load.stop();
      assertThat(answers.byServer()).doesNotContainKey(node1.name());
      requests += answers.failures().size() + answers.answers().size();
      served += answers.answers().size();
    }
    figure("requests while a port came and went " + ROUNDS + " times", requests);
    figure("of those served by the Service", served);
    assertThat(served).isPositive();
    awaitKernel(state -> state.entries("NO-ENDPOINTS").isEmpty());
  }

  private Object[] extra() {
    List<Object> all = new ArrayList<>();
    all.add(
        ExposedManifest.of("ClusterIP", "extra", IpAddress.of("10.96.2.30"))
            .port(Protocol.TCP, HOST_PORT)
            .port(Protocol.UDP, HOST_PORT)
            .with("externalIPs: [" + OUTER + "]"));
    all.addAll(slices("extra", b));
    return all.toArray();
  }
}
