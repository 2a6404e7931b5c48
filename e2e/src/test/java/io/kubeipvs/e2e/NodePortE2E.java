package io.kubeipvs.e2e;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Node ports, asked by outside clients, pods and the node itself. */
final class NodePortE2E extends ExposedScenario {

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
      assertAnswered(asker, Protocol.TCP, node, NODE_PORT, asker.addresses().of(family), a, b);
    }
  }
}
