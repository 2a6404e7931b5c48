package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The loop of iptables mode: what others take away comes back, and a restart writes nothing. */
final class IptablesLoopE2E extends Scenario {
  private static final IpAddress VIP = IpAddress.of("10.96.9.10");
  private static final ServiceKey.Address WEB = ServiceKey.of(Protocol.TCP, VIP, 80);
  private static final List<String> TALKATIVE = List.of("env", "KUBE_IPVS_LOG_LEVEL=debug");
  private static final String RESTED = "nothing to do, looked in";

  @BeforeEach
  void onlyInIptablesMode() {
    Assumptions.assumeTrue(Mode.isIptables(), "DriftE2E and RestartE2E show it in IPVS mode");
  }

  /** Between periods; only the loop's watch over the tables can see it. */
  @Test
  void aFlushIsNoticedWithinSeconds() {
    serve();
    Daemon daemon = start("--iptables-sync-period=10m");
    awaitFirstSync(daemon);
    KernelState whole = KernelState.of(node1);
    Map<String, String> thefts = new LinkedHashMap<>();
    thefts.put("all rules of the Services", "iptables -t nat -F KUBE-SERVICES");
    thefts.put(
        "one endpoint's",
        "iptables -t nat -F $(iptables -t nat -S | grep -o KUBE-SEP-.* | head -1)");
    thefts.put("a jump", "iptables -t nat -D PREROUTING 1");
    thefts.put("the canary", "ip6tables -t mangle -X KUBE-PROXY-CANARY");
    thefts.forEach(
        (what, theft) -> {
          long before = syncs(daemon.log());
          long began = System.nanoTime();
          node1.run("sh", "-c", theft).orFail();
          awaitKernel(whole::equals);
          figure(what + ": back after", millisSince(began) + " ms");
          assertThat(Duration.ofNanos(System.nanoTime() - began))
              .as(what)
              .isLessThan(Duration.ofMinutes(2)); // the next look of a period is in ten
          // The other family may not have been looked at yet.
          daemon.awaitLog(PATIENCE, log -> syncs(log) > before);
        });
  }

  private static long syncs(String log) {
    return log.lines().filter(line -> line.contains(" synced ")).count();
  }

  @Test
  void killedAndStartedAgainItWritesNothingAndNobodyNotices() {
    serve();
    Daemon first = start();
    awaitFirstSync(first);
    KernelState before = KernelState.of(node1);
    Request endless =
        Request.tcp(VIP, 80).times(0).pausing(Duration.ofMillis(10)).within(Duration.ofSeconds(30));
    try (Load load = asker.start(endless)) {
      Await.until(PATIENCE, () -> load.soFar().answers().size() > 50, () -> "no answers");
      first.kill();
      Daemon again = startUnder(TALKATIVE);
      again.awaitLog(PATIENCE, log -> log.contains(RESTED));
      assertThat(again.log()).doesNotContain(" synced ");
      assertThat(load.stop().failures()).isEmpty();
    }
    assertThat(KernelState.of(node1)).isEqualTo(before);
  }

  /** One family's rules are there before the other's. */
  private void awaitFirstSync(Daemon daemon) {
    daemon.awaitLog(PATIENCE, log -> log.contains(" synced "));
    awaitServed(WEB, a, b, c);
  }

  private void serve() {
    write(
        "web.yaml",
        ServiceManifest.of("web", VIP).port("", Protocol.TCP, 80),
        slice("web", AddressFamily.IPV4, a, b, c).port("", Protocol.TCP, POD_PORT));
  }
}
