package io.kubeipvs.e2e;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to those who ask where nobody is: refused, or dropped where a policy says so. */
final class NoEndpointsE2E extends ExposedScenario {
  private static final List<IpAddress> VIPS = List.of(VIP, VIP_V6, OUTER, OUTER_V6);

  /**
   * Linux sends a host six ICMP errors in a row, then one a second; resets know no such limit. In
   * iptables mode TCP is refused by ICMP as well, more often than that: these nodes say no as often
   * as they are asked. What is shown in IPVS mode is shown within the limit.
   */
  @BeforeAll
  void refuseAsOftenAsAsked() {
    if (Mode.isIptables()) {
      for (Host host : List.of(node1, node2)) {
        host.sysctl("net/ipv4/icmp_ratelimit", 0);
        host.sysctl("net/ipv6/icmp/ratelimit", 0);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"route", "address"})
  void withoutAnyEndpointEverybodyIsRefusedAtOnce(String binding) {
    serve(web("LoadBalancer").ingress(OUTER).ingress(OUTER_V6));
    start("--ipvs-vip-binding=" + binding);
    awaitVips(VIPS);
    for (Host from : List.of(asker, client, node1)) {
      for (AddressFamily family : AddressFamily.values()) {
        IpAddress node = node1.addresses().of(family);
        assertRefused(from, Protocol.TCP, node, NODE_PORT, 10);
        assertRefused(from, Protocol.UDP, node, NODE_PORT, 1);
      }
      for (IpAddress vip : seenFrom(from)) {
        assertRefused(from, Protocol.TCP, vip, PORT, 10);
        assertRefused(from, Protocol.UDP, vip, PORT, 1);
      }
    }

    serve(web("LoadBalancer").ingress(OUTER).ingress(OUTER_V6), a);
    awaitVips(VIPS, a);
    awaitKernel(state -> state.entries("NO-ENDPOINTS").isEmpty());
    for (IpAddress vip : List.of(VIP, VIP_V6)) {
      assertAnswered(asker, Protocol.TCP, vip, PORT, asker.addresses().of(vip.family()), a);
      assertAnswered(node1, Protocol.TCP, vip, PORT, node1.addresses().of(vip.family()), a);
    }
  }

  /**
   * In iptables mode the rules for what comes from outside are kube-proxy's, which does not ask
   * them for what the node itself sends: that leaves the node, as to any address nobody serves.
   */
  private List<IpAddress> seenFrom(Host from) {
    return Mode.isIptables() && from instanceof Node ? List.of(VIP, VIP_V6) : VIPS;
  }

  @Test
  void externalLocalWithoutALocalEndpointDropsOutsideClientsOnly() {
    serve(
        web("LoadBalancer").ingress(OUTER).ingress(OUTER_V6).with("externalTrafficPolicy: Local"),
        c);
    start();
    awaitVips(VIPS, c);
    for (IpAddress outer : List.of(OUTER, OUTER_V6)) {
      AddressFamily family = outer.family();
      for (Protocol protocol : PROTOCOLS) {
        assertDropped(client, protocol, outer, PORT);
        assertDropped(client, protocol, node1.addresses().of(family), NODE_PORT);
        assertAnswered(asker, protocol, outer, PORT, asker.addresses().of(family), c);
        assertAnswered(node1, protocol, outer, PORT, node1.addresses().of(family), c);
      }
    }
    // The cluster IP has a policy of its own.
    assertAnswered(client, Protocol.TCP, VIP, PORT, node1.v4(), c);
  }

  @Test
  void internalLocalWithoutALocalEndpointIsDroppedAndNeverSentElsewhere() {
    serve(web("ClusterIP").with("internalTrafficPolicy: Local"), c);
    start();
    assertInternalIsDropped();
  }

  @Test
  void internalLocalDoesNotLeakFromAServiceThatIsExternalToo() {
    serve(web("NodePort").with("internalTrafficPolicy: Local"), c);
    start();
    awaitServers(node1.v4(), NODE_PORT, c);
    assertInternalIsDropped();
    assertAnswered(client, Protocol.TCP, node1.v4(), NODE_PORT, node1.v4(), c);
    assertAnswered(client, Protocol.UDP, node1.v6(), NODE_PORT, node1.v6(), c);

    serve(web("NodePort").with("internalTrafficPolicy: Local"), a, c);
    awaitServed(ServiceKey.of(Protocol.TCP, VIP, PORT), a);
    assertAnswered(asker, Protocol.TCP, VIP, PORT, asker.v4(), a);
    assertAnswered(client, Protocol.TCP, node1.v4(), NODE_PORT, node1.v4(), a, c);
  }

  private void assertInternalIsDropped() {
    awaitVips(List.of(VIP, VIP_V6));
    for (Host from : List.of(asker, node1)) {
      for (Protocol protocol : PROTOCOLS) {
        assertDropped(from, protocol, VIP, PORT);
        assertDropped(from, protocol, VIP_V6, PORT);
      }
    }
  }
}
