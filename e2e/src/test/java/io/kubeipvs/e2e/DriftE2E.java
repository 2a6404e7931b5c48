package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What somebody takes away behind the daemon's back comes back; when nothing is missing it rests.
 */
@IpvsOnly("takes things away from IPVS; IptablesLoopE2E has its like")
final class DriftE2E extends Scenario {
  private static final IpAddress VIP = IpAddress.of("10.96.9.10");
  private static final ServiceKey.Address WEB = ServiceKey.of(Protocol.TCP, VIP, 80);

  @Test
  void whatIsTakenAwayComesBackAndElseNothingIsWritten() {
    Path trace = directory().resolve("trace");
    write(
        "web.yaml",
        ServiceManifest.of("web", VIP).port("", Protocol.TCP, 80),
        slice("web", AddressFamily.IPV4, a, b, c).port("", Protocol.TCP, POD_PORT));
    start("--ipvs-sync-period=2s", "--netlink-trace=" + trace);
    awaitServed(WEB, a, b, c);
    awaitLooks(trace, 2);
    KernelState whole = KernelState.of(node1);
    thefts().forEach((what, command) -> comesBack(what, command, whole));
    idlePeriodsWriteNothing(trace);
    historyTellsWhatWasExpectedAndWhatWasFound();
  }

  private void historyTellsWhatWasExpectedAndWhatWasFound() {
    String history = Daemon.run(node1, "history").orFail().stdout();
    assertThat(history)
        .contains(", full (first sync): ")
        .containsPattern("    because  Service default/web( at \\d+)?\n")
        .contains("    did      ipvsadm -A -t 10.96.9.10:80 -s rr\n")
        .contains("    repaired virtual service: expected there, found missing: ipvsadm -A ")
        .contains("    repaired real server: expected there, found missing: ipvsadm -a ")
        .contains("    repaired entry: expected there, found missing: ipset add ")
        .contains("    repaired rules: expected ours, found others (nat: ")
        .contains("    repaired route: expected there, found missing: ip route replace ");
    figure("history of the whole test", history.length() + " bytes");
    assertThat(Daemon.run(node1, "history", "--output=json", "--last=1").orFail().stdout())
        .startsWith("{\"number\":")
        .endsWith("}\n")
        .hasLineCount(1);
    Output nobody = Daemon.run(node1, "history", "--daemon=127.0.0.1:10250");
    assertThat(nobody.exitCode()).isEqualTo(1);
    assertThat(nobody.stderr())
        .contains("no daemon answers at 127.0.0.1:10250 (Connection refused");
  }

  private Map<String, String> thefts() {
    Map<String, String> thefts = new LinkedHashMap<>();
    thefts.put("virtual service", "ipvsadm -D -t 10.96.9.10:80");
    thefts.put("real server", "ipvsadm -d -t 10.96.9.10:80 -r " + a.v4().withPort(POD_PORT));
    thefts.put("set entry", "ipset del KUBE-CLUSTER-IP 10.96.9.10,tcp:80");
    thefts.put("rule", "iptables -t nat -D KUBE-SERVICES 1");
    thefts.put("route", "ip route del local 10.96.9.10 dev lo table local");
    return thefts;
  }

  private void comesBack(String what, String theft, KernelState whole) {
    long began = System.nanoTime();
    node1.run("sh", "-c", theft).orFail();
    awaitKernel(whole::equals);
    figure(what + " is back", millisSince(began) + " ms");
  }

  private void idlePeriodsWriteNothing(Path trace) {
    // A look that is under way may still have something to write.
    awaitLooks(trace, NetlinkWrites.of(trace).looks() + 1);
    NetlinkWrites before = NetlinkWrites.of(trace);
    awaitLooks(trace, before.looks() + 3);
    NetlinkWrites idle = NetlinkWrites.of(trace).since(before);
    assertThat(idle.writes()).isEmpty();
    figure("writes in " + idle.looks() + " idle periods", 0);
  }
}
