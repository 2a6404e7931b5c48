package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three pods share what is asked of their Service, in every protocol, family and binding. */
final class SharingE2E extends Scenario {
  private static final IpAddress VIP = IpAddress.of("10.96.1.10");
  private static final IpAddress VIP_V6 = IpAddress.of("fd00:96::1:10");
  private static final List<Protocol> PROTOCOLS = protocols();

  private int firstPort = 20_000;

  private void serve(String binding) {
    ServiceManifest service = ServiceManifest.of("web", VIP, VIP_V6);
    SliceManifest v4 = slice("web", AddressFamily.IPV4, a, b, c);
    SliceManifest v6 = slice("web", AddressFamily.IPV6, a, b, c);
    for (Protocol protocol : PROTOCOLS) {
      String name = protocol.lowerCaseName();
      service = service.port(name, protocol, 80);
      v4 = v4.port(name, protocol, POD_PORT);
      v6 = v6.port(name, protocol, POD_PORT);
    }
    write("web.yaml", service, v4, v6);
    long began = System.nanoTime();
    start("--ipvs-vip-binding=" + binding);
    for (IpAddress vip : List.of(VIP, VIP_V6)) {
      PROTOCOLS.forEach(protocol -> awaitServed(ServiceKey.of(protocol, vip, 80), a, b, c));
    }
    figure("served by " + binding, millisSince(began) + " ms after the start");
  }

  @ParameterizedTest
  @ValueSource(strings = {"route", "address"})
  void eachPodGetsItsThird(String binding) {
    serve(binding);
    for (Protocol protocol : PROTOCOLS) {
      for (IpAddress vip : List.of(VIP, VIP_V6)) {
        Answers answers = asker.request(threeHundred(protocol, vip));
        assertThat(answers.failures()).as(protocol + " " + vip).isEmpty();
        assertShared(protocol + " " + vip, answers, 100, a, b, c);
        assertThat(answers.clients()).isEqualTo(Set.of(asker.addresses().of(vip.family())));
        figure("300 " + protocol + " to " + vip, answers.byServer() + slowest(answers));
      }
    }
  }

  private static String slowest(Answers answers) {
    return ", slowest " + answers.connectingAt(1).toMillis() + " ms";
  }

  private Request threeHundred(Protocol protocol, IpAddress vip) {
    Request request = Request.to(protocol, vip, 80).times(300).within(Duration.ofSeconds(10));
    firstPort += 300;
    return protocol.equals(Protocol.TCP) ? request : request.fromPorts(firstPort);
  }

  private static Request thirty(IpAddress vip) {
    return Request.tcp(vip, 80).times(30).within(Duration.ofSeconds(10));
  }

  @ParameterizedTest
  @ValueSource(strings = {"route", "address"})
  void podsReachThemselvesAndNodesAndStrangersAreServed(String binding) {
    serve(binding);
    for (IpAddress vip : List.of(VIP, VIP_V6)) {
      Answers own = a.request(thirty(vip));
      assertThat(own.failures()).isEmpty();
      assertShared("hairpin", own, 10, a, b, c);
      assertThat(own.byServer()).containsKey("a");

      Answers node = node1.request(thirty(vip));
      assertThat(node.failures()).isEmpty();
      assertThat(node.clients()).isEqualTo(Set.of(node1.addresses().of(vip.family())));

      Answers outside = client.request(thirty(vip));
      assertThat(outside.failures()).isEmpty();
      assertThat(outside.clients()).isEqualTo(Set.of(node1.addresses().of(vip.family())));
      figure("hairpin, node, outside to " + vip, own.byServer() + " " + node.byServer());
    }
  }
}
