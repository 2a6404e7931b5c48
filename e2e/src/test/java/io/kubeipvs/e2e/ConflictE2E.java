package io.kubeipvs.e2e;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two Services want one external IP and port, and one node port: the older has both. */
final class ConflictE2E extends ExposedScenario {
  private static final IpAddress OTHER_VIP = IpAddress.of("10.96.2.20");
  private static final List<String> REPORTS =
      List.of(
          "conflict: Service default/young:tcp: TCP 198.51.100.10:80 belongs to the older Service"
              + " default/old:tcp",
          "conflict: Service default/young:tcp: TCP node port 30080 belongs to the older Service"
              + " default/old:tcp");

  private void serve(String name, String created, IpAddress vip, Pod pod) {
    ExposedManifest service =
        ExposedManifest.of("NodePort", name, vip)
            .created(created)
            .port(Protocol.TCP, PORT, NODE_PORT)
            .with("externalIPs: [\"" + OUTER + "\"]");
    SliceManifest slice = slice(name, AddressFamily.IPV4, pod).port("tcp", Protocol.TCP, POD_PORT);
    write(name + ".yaml", service, slice);
  }

  private void assertOuterIs(Pod pod) {
    assertAnswered(client, Protocol.TCP, OUTER, PORT, node1.v4(), pod);
    assertAnswered(client, Protocol.TCP, node1.v4(), NODE_PORT, node1.v4(), pod);
  }

  private void awaitOuter(Pod pod) {
    awaitWeight(ServiceKey.of(Protocol.TCP, OUTER, PORT), pod);
    awaitWeight(ServiceKey.of(Protocol.TCP, node1.v4(), NODE_PORT), pod);
  }

  /** The only one with a share; the former one's may still drain. */
  private void awaitWeight(ServiceKey.Address service, Pod pod) {
    awaitKernel(
        state ->
            state.servers(service).getOrDefault(pod.v4().withPort(POD_PORT), 0) == 1
                && state.servers(service).values().stream().mapToInt(w -> w).sum() == 1);
  }

  @Test
  void theOlderHasItAndTheOtherWaitsForTheEndOfTheConflict() {
    serve("young", "2026-02-01T00:00:00Z", OTHER_VIP, c);
    Daemon daemon = start();
    awaitOuter(c);
    assertOuterIs(c);

    // It does not matter who was there first.
    serve("old", "2026-01-01T00:00:00Z", VIP, a);
    awaitOuter(a);
    assertOuterIs(a);
    daemon.awaitLog(PATIENCE, log -> REPORTS.stream().allMatch(log::contains));
    assertAnswered(asker, Protocol.TCP, OTHER_VIP, PORT, asker.v4(), c);
    assertAnswered(asker, Protocol.TCP, VIP, PORT, asker.v4(), a);

    write("old.yaml");
    awaitOuter(c);
    assertOuterIs(c);
    daemon.awaitLog(
        PATIENCE, log -> REPORTS.stream().allMatch(report -> log.contains("over: " + report)));
  }
}
