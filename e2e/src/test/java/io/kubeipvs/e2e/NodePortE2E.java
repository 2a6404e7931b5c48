package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.net.Protocol;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Node ports, asked by outside clients, pods and the node itself. */
final class NodePortE2E extends ExposedScenario {
  private static final String NODE =
      """
      apiVersion: v1
      kind: Node
      metadata: {name: node1}
      status:
        addresses:
        - {type: InternalIP, address: 10.0.2.15}
        - {type: InternalIP, address: "fd00:10::15"}
      """;

  @Test
  void clientsPodsAndTheNodeGetThrough() {
    serve(web("NodePort"), a, b, c);
    start();
    awaitBothFamilies(a, b, c);
    for (AddressFamily family : AddressFamily.values()) {
      IpAddress node = node1.addresses().of(family);
      for (Protocol protocol : PROTOCOLS) {
        assertAnswered(client, protocol, node, NODE_PORT, node, a, b, c);
        assertAnswered(node1, protocol, node, NODE_PORT, node, a, b, c);
      }
      // Behind a pod's own device the node's address is that of the way back to the pod.
      assertAnswered(asker, Protocol.TCP, node, NODE_PORT, node, c, a, b);
    }
  }

  private void awaitBothFamilies(Pod... pods) {
    for (AddressFamily family : AddressFamily.values()) {
      awaitServers(node1.addresses().of(family), NODE_PORT, pods);
    }
    awaitVips(List.of(VIP, VIP_V6), pods);
  }

  @Test
  void withALocalPolicyClientsKeepTheirAddress() {
    serve(web("NodePort").with("externalTrafficPolicy: Local"), a, b, c);
    start();
    for (AddressFamily family : AddressFamily.values()) {
      awaitServers(node1.addresses().of(family), NODE_PORT, a, b);
    }
    awaitVips(List.of(VIP, VIP_V6), a, b, c);
    for (AddressFamily family : AddressFamily.values()) {
      IpAddress node = node1.addresses().of(family);
      IpAddress own = client.addresses().of(family);
      for (Protocol protocol : PROTOCOLS) {
        assertAnswered(client, protocol, node, NODE_PORT, own, a, b);
      }
      Pod[] forPods = Mode.isIptables() ? new Pod[] {a, b, c} : new Pod[] {a, b}; // as kube-proxy
      assertAnswered(asker, Protocol.TCP, node, NODE_PORT, asker.addresses().of(family), forPods);
    }
  }

  @Test
  void aClusterIpsPortMayBeSomebodysNodePort() {
    IpAddress other = IpAddress.of("10.96.2.20");
    serve(web("NodePort"), a);
    write(
        "other.yaml",
        ServiceManifest.of("other", other).port("tcp", Protocol.TCP, NODE_PORT),
        slice("other", AddressFamily.IPV4, c).port("tcp", Protocol.TCP, POD_PORT));
    start("--ipvs-drain-timeout=1s");
    awaitBothFamilies(a);
    awaitServed(ServiceKey.of(Protocol.TCP, other, NODE_PORT), c);
    // Masquerading is the node port's affair.
    assertAnswered(asker, Protocol.TCP, other, NODE_PORT, asker.v4(), c);
    assertAnswered(client, Protocol.TCP, other, NODE_PORT, node1.v4(), c);
    assertAnswered(client, Protocol.TCP, node1.v4(), NODE_PORT, node1.v4(), a);

    serve(web("NodePort").with("externalTrafficPolicy: Local"), b);
    awaitServers(node1.v4(), NODE_PORT, b);
    assertAnswered(client, Protocol.TCP, other, NODE_PORT, node1.v4(), c);
    assertAnswered(client, Protocol.TCP, node1.v4(), NODE_PORT, client.v4(), b);

    // And the other way round: the Service with the node port goes.
    write("web.yaml");
    awaitGone(ServiceKey.of(Protocol.TCP, node1.v4(), NODE_PORT));
    assertAnswered(client, Protocol.TCP, other, NODE_PORT, node1.v4(), c);
  }

  /** No look at the kernel comes by itself in this time. */
  @Test
  void onlyTheChosenAddressesServeAndTheyMayComeAndGo() {
    IpAddress chosen = IpAddress.of("10.0.3.1");
    IpAddress notChosen = IpAddress.of("10.0.4.1");
    List.of(chosen, notChosen).forEach(address -> cluster.route(IpPrefix.host(address), node1));
    node1.run("ip", "address", "add", notChosen + "/32", "dev", "eth0").orFail();
    try {
      write("node.yaml", NODE);
      serve(web("NodePort"), a);
      start(
          "--nodeport-addresses=10.0.3.0/24,primary",
          "--ipvs-sync-period=10m",
          "--ipvs-drain-timeout=1s");
      awaitBothFamilies(a);
      Answers refused = client.request(fresh(Protocol.TCP, notChosen, NODE_PORT, 2));
      assertThat(refused.byReason()).containsOnlyKeys(Answers.Failure.REFUSED);

      long began = System.nanoTime();
      node1.run("ip", "address", "add", chosen + "/32", "dev", "eth0").orFail();
      awaitServers(chosen, NODE_PORT, a);
      figure("a new address serves after", millisSince(began) + " ms");
      PROTOCOLS.forEach(
          protocol -> assertAnswered(client, protocol, chosen, NODE_PORT, node1.v4(), a));

      began = System.nanoTime();
      node1.run("ip", "address", "del", chosen + "/32", "dev", "eth0").orFail();
      awaitKernel(
          state ->
              state.services().keySet().stream()
                  .noneMatch(key -> key.toString().contains(chosen + ":")));
      figure("one that goes is forgotten after", millisSince(began) + " ms");
      assertAnswered(client, Protocol.TCP, node1.v4(), NODE_PORT, node1.v4(), a);
    } finally {
      node1.run("ip", "address", "del", notChosen + "/32", "dev", "eth0").orFail();
    }
  }

  @Test
  void sctpComesThroughNodePortsAndExternalIps() {
    Assumptions.assumeTrue(protocols().contains(Protocol.SCTP), "this kernel has no SCTP");
    int nodePort = 30_132;
    ExposedManifest service =
        ExposedManifest.of("LoadBalancer", "sctp", IpAddress.of("10.96.2.50"))
            .port(Protocol.SCTP, PORT, nodePort)
            .ingress(OUTER)
            .with("externalIPs: [" + OTHER_OUTER + "]");
    SliceManifest slice = slice("sctp", AddressFamily.IPV4, a, c);
    write("sctp.yaml", service, slice.port("sctp", Protocol.SCTP, POD_PORT));
    start();
    awaitServers(ServiceKey.of(Protocol.SCTP, node1.v4(), nodePort), a, c);
    awaitServed(ServiceKey.of(Protocol.SCTP, OUTER, PORT), a, c);
    awaitServed(ServiceKey.of(Protocol.SCTP, OTHER_OUTER, PORT), a, c);
    for (Host from : List.of(client, asker)) {
      assertAnswered(from, Protocol.SCTP, OUTER, PORT, node1.v4(), a, c);
      assertAnswered(from, Protocol.SCTP, OTHER_OUTER, PORT, node1.v4(), a, c);
    }
    assertAnswered(client, Protocol.SCTP, node1.v4(), nodePort, node1.v4(), a, c);
  }
}
