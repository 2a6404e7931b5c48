package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A server that goes finishes what it has begun, and gets nothing new. */
@IpvsOnly(
    "about weights and connections in the IPVS table; what is translated goes on by "
        + "connection tracking (RollingUpdateE2E)")
final class DrainE2E extends Scenario {
  private static final IpAddress VIP = IpAddress.of("10.96.3.10");
  private static final ServiceKey.Address WEB = ServiceKey.of(Protocol.TCP, VIP, 80);

  @Test
  void aTransferEndsBeforeItsServerGoes() {
    serveBy(a, b);
    start();
    awaitServed(WEB, a, b);
    Request trickling = Request.tcp(VIP, 80).times(0).pausing(Duration.ofMillis(20));
    Request transfer = trickling.overOneConnection().endingByReset().within(PATIENCE);
    try (Load one = asker.start(transfer);
        Load other = asker.start(transfer)) {
      Loads.awaitAnswers(one, 5);
      Loads.awaitAnswers(other, 5);
      Load throughB = serverOf(one).equals("b") ? one : other;
      assertThat(List.of(serverOf(one), serverOf(other))).containsExactlyInAnyOrder("a", "b");

      serveBy(a);
      long began = System.nanoTime();
      awaitServers(Map.of(a, 1, b, 0));
      figure("weight is 0 after", millisSince(began) + " ms");
      Answers fresh = asker.request(Request.tcp(VIP, 80).times(50).within(PATIENCE));
      assertThat(fresh.byServer()).isEqualTo(Map.of("a", 50));
      Loads.awaitAnswers(throughB, 100);
      assertThat(KernelState.of(node1).servers(WEB))
          .as("meanwhile")
          .isEqualTo(at(Map.of(a, 1, b, 0)));

      Answers whole = throughB.stop();
      assertThat(whole.failures()).isEmpty();
      assertThat(whole.byServer()).containsOnlyKeys("b");
      figure("answers of the transfer", whole.byServer());
      began = System.nanoTime();
      awaitServers(Map.of(a, 1));
      figure("server is gone after", millisSince(began) + " ms (10 s are the kernel's)");
    }
  }

  private void serveBy(Pod... pods) {
    write(
        "web.yaml",
        ServiceManifest.of("web", VIP).port("", Protocol.TCP, 80),
        slice("web", AddressFamily.IPV4, pods).port("", Protocol.TCP, POD_PORT));
  }

  private void awaitServers(Map<Pod, Integer> weights) {
    Map<String, Integer> expected = at(weights);
    awaitKernel(state -> state.servers(WEB).equals(expected));
  }

  private static Map<String, Integer> at(Map<Pod, Integer> weights) {
    Map<String, Integer> servers = new TreeMap<>();
    weights.forEach((pod, weight) -> servers.put(pod.v4().withPort(POD_PORT), weight));
    return servers;
  }

  private static String serverOf(Load load) {
    return load.soFar().answers().get(0).server();
  }
}
