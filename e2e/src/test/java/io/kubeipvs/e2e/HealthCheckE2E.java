package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Health checks of load balancers, on nodes that let nobody in by themselves. */
final class HealthCheckE2E extends ExposedScenario {
  private static final int HEALTH_PORT = 32_100;
  private static final int CLOSED_PORT = 32_101;

  @BeforeEach
  void letNobodyIn() {
    List.of(HEALTH_PORT, CLOSED_PORT).forEach(port -> node1.listen(Protocol.TCP, port));
    for (String tool : List.of("iptables", "ip6tables")) {
      node1.run(tool, "-P", "INPUT", "DROP").orFail();
      node1.run(tool, "-A", "INPUT", "-i", "lo", "-j", "ACCEPT").orFail(); // an API server is there
    }
  }

  @AfterEach
  void letEverybodyIn() {
    for (String tool : List.of("iptables", "ip6tables")) {
      node1.run(tool, "-P", "INPUT", "ACCEPT").orFail();
      node1.run(tool, "-D", "INPUT", "-i", "lo", "-j", "ACCEPT").orFail();
    }
    List.of(HEALTH_PORT, CLOSED_PORT).forEach(port -> node1.stopListening(Protocol.TCP, port));
  }

  @Test
  void theirPortIsOpenAndNoOther() {
    ExposedManifest web = web("LoadBalancer").ingress(OUTER).with("externalTrafficPolicy: Local");
    serve(web.with("healthCheckNodePort: " + HEALTH_PORT), a);
    start();
    awaitServers(node1.v4(), NODE_PORT, a);
    for (AddressFamily family : AddressFamily.values()) {
      IpAddress node = node1.addresses().of(family);
      Answers answers = client.request(fresh(Protocol.TCP, node, HEALTH_PORT, 2));
      assertThat(answers.byServer()).as(node.toString()).isEqualTo(Map.of(node1.name(), 2));
      assertDropped(client, Protocol.TCP, node, CLOSED_PORT);
    }

    serve(web.with("healthCheckNodePort: 0"), a);
    awaitKernel(
        state ->
            state.entries("HEALTH-CHECK-NODE-PORT").isEmpty()
                && state.lines(KernelState.RULES_V4).stream()
                    .noneMatch(rule -> rule.contains("web:tcp health check node port")));
    assertDropped(client, Protocol.TCP, node1.v4(), HEALTH_PORT);
  }
}
