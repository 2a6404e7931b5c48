package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whose requests to cluster IPs are masqueraded, as the server sees it. */
final class MasqueradeE2E extends ExposedScenario {
  private static final List<String> FAMILIES = List.of(KernelState.RULES_V4, KernelState.RULES_V6);

  @Test
  void whoIsLocalKeepsItsAddress() {
    serve(web("NodePort"), a);
    write(
        "node.yaml",
        """
        apiVersion: v1
        kind: Node
        metadata: {name: node1}
        spec: {podCIDRs: ["%s", "%s"]}
        status: {addresses: [{type: InternalIP, address: "%s"}, {type: InternalIP, address: "%s"}]}
        """
            .formatted(node1.podNetworkV4(), node1.podNetworkV6(), node1.v4(), node1.v6()));

    runWith("--detect-local-mode=ClusterCIDR");
    keepTheirs(asker, b, c);
    areMasqueraded(client);

    runWith("--detect-local-mode=NodeCIDR");
    keepTheirs(asker, b);
    areMasqueraded(c, client);

    runWith("--detect-local-mode=BridgeInterface", "--pod-bridge-interface=vethasker");
    keepTheirs(asker);
    areMasqueraded(b, c, client);

    runWith("--detect-local-mode=InterfaceNamePrefix", "--pod-interface-name-prefix=veth");
    keepTheirs(asker, b);
    areMasqueraded(c, client);

    runWith("--masquerade-all");
    areMasqueraded(asker, b, c, client);

    start("--iptables-masquerade-bit=5");
    awaitKernel(
        state ->
            FAMILIES.stream()
                .allMatch(
                    rules -> state.lines(rules).stream().anyMatch(r -> r.contains("0x20/0x20"))));
    awaitKernel(state -> rules(state).noneMatch(rule -> rule.contains("0x4000")));
    keepTheirs(asker);
    areMasqueraded(client);
  }

  private void runWith(String... flags) {
    Output output = runOnce(flags);
    assertThat(output.exitCode()).as(output.stdout() + output.stderr()).isZero();
  }

  private static Stream<String> rules(KernelState state) {
    return FAMILIES.stream().flatMap(command -> state.lines(command).stream());
  }

  private void keepTheirs(Host... hosts) {
    for (AddressFamily family : AddressFamily.values()) {
      List.of(hosts).forEach(host -> isSeenAs(host, family, host.addresses().of(family)));
    }
  }

  private void areMasqueraded(Host... hosts) {
    for (AddressFamily family : AddressFamily.values()) {
      List.of(hosts).forEach(host -> isSeenAs(host, family, node1.addresses().of(family)));
    }
  }

  private void isSeenAs(Host host, AddressFamily family, IpAddress seen) {
    IpAddress vip = family == AddressFamily.IPV4 ? VIP : VIP_V6;
    PROTOCOLS.forEach(protocol -> assertAnswered(host, protocol, vip, PORT, seen, a));
  }
}
