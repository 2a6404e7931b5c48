package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.util.List;
import org.junit.jupiter.api.Test;

/** External IPs and load balancer IPs, asked from outside, from pods and from the node. */
final class ExternalIpE2E extends ExposedScenario {
  private static final int HOST_PORT = 9999;

  private ExposedManifest external() {
    return web("LoadBalancer")
        .ingress(OUTER)
        .ingress(OUTER_V6)
        .with("externalIPs: [" + OTHER_OUTER + "]");
  }

  @Test
  void everybodyReachesThem() {
    serve(external(), a, c);
    start();
    List<IpAddress> vips = List.of(OUTER, OUTER_V6, OTHER_OUTER);
    awaitVips(vips, a, c);
    for (Host from : List.of(client, asker, node1)) {
      for (IpAddress vip : vips) {
        IpAddress node = node1.addresses().of(vip.family());
        PROTOCOLS.forEach(protocol -> assertAnswered(from, protocol, vip, PORT, node, a, c));
      }
    }
  }

  @Test
  void withALocalPolicyClientsKeepTheirAddress() {
    serve(external().with("externalTrafficPolicy: Local"), a, c);
    start();
    List<IpAddress> vips = List.of(OUTER, OUTER_V6, OTHER_OUTER);
    awaitVips(vips, a);
    for (Host from : List.of(client, asker)) {
      for (IpAddress vip : vips) {
        IpAddress own = from.addresses().of(vip.family());
        // As kube-proxy's rules have it: whoever is a pod gets any of the Service's pods.
        Pod[] by = from.equals(asker) && Mode.isIptables() ? new Pod[] {a, c} : new Pod[] {a};
        PROTOCOLS.forEach(protocol -> assertAnswered(from, protocol, vip, PORT, own, by));
      }
    }
  }

  /** It belongs to a machine in front, which all traffic has to pass. */
  @Test
  void anIpOfModeProxyIsNotIntercepted() {
    Client balancer = cluster.addClient();
    balancer.listen(Protocol.TCP, PORT);
    serve(web("LoadBalancer").ingress(balancer.v4(), "Proxy").ingress(OUTER), a);
    start();
    awaitVips(List.of(OUTER), a);
    for (Host from : List.of(client, asker, node1)) {
      Answers answers = from.request(fresh(Protocol.TCP, balancer.v4(), PORT, 2));
      assertThat(answers.byServer()).as(from.name()).containsOnlyKeys(balancer.name());
    }
  }

  /** The node's other ports and its own traffic are as before, and so is the address. */
  @Test
  void anIpThatIsTheNodesDoesNotCutItOff() {
    node1.listen(Protocol.TCP, HOST_PORT);
    try {
      List<String> addresses = before().lines(KernelState.ADDRESSES);
      serve(web("LoadBalancer").ingress(node1.v6()).with("externalIPs: [" + node1.v4() + "]"), a);
      Daemon daemon = start("--ipvs-drain-timeout=1s");
      for (AddressFamily family : AddressFamily.values()) {
        IpAddress node = node1.addresses().of(family);
        awaitServers(node, PORT, a);
        assertAnswered(client, Protocol.TCP, node, PORT, node, a);
      }
      assertNodeIsReached();
      assertThat(KernelState.of(node1).lines(KernelState.ADDRESSES)).containsAll(addresses);

      write("web.yaml");
      awaitGone(ServiceKey.of(Protocol.TCP, VIP, PORT));
      assertNodeIsReached();
      assertThat(daemon.terminate()).isZero(); // it would put everything back
      Daemon.run(node1, "cleanup").orFail();
      assertNodeIsReached();
      assertThat(KernelState.of(node1).lines(KernelState.ADDRESSES)).isEqualTo(addresses);
    } finally {
      node1.stopListening(Protocol.TCP, HOST_PORT);
    }
  }

  private void assertNodeIsReached() {
    for (AddressFamily family : AddressFamily.values()) {
      IpAddress node = node1.addresses().of(family);
      for (Host from : List.of(client, node2, asker)) {
        assertThat(from.ping(node, 1).failures()).as(from.name() + " pings " + node).isEmpty();
        Answers answers = from.request(Request.tcp(node, HOST_PORT));
        assertThat(answers.byServer()).as(from.name()).containsOnlyKeys(node1.name());
      }
      // And the node reaches others.
      assertThat(node1.ping(client.addresses().of(family), 1).failures()).isEmpty();
    }
    assertThat(client.ping(asker.v4(), 1).failures()).as("what is behind the node").isEmpty();
  }
}
