package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.util.List;
import org.junit.jupiter.api.Test;

/** External IPs and load balancer IPs, asked from outside, from pods and from the node. */
final class ExternalIpE2E extends ExposedScenario {
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
        PROTOCOLS.forEach(protocol -> assertAnswered(from, protocol, vip, PORT, own, a));
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
}
