package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.Protocol;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * A kernel that lacks what IPVS mode needs. Where it has IPVS, a type of sets is taken from it for
 * the time of the test; where it has none, nothing has to be taken.
 */
final class FallbackE2E extends ExposedScenario {
  private static final String MODULE = "ip_set_hash_ipportnet";
  private static final String METRICS = "http://127.0.0.1:10249";

  @Test
  void iptablesServesSaysSoAndARestartReturnsToIpvs() {
    Assumptions.assumeFalse(Mode.isIptables() && hasIpvs(), "shown in IPVS mode on this kernel");
    serve(web("NodePort"), a, c);
    takeAPart();
    try {
      Output refused = onceInIpvsMode("--ipvs-required");
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.stdout() + refused.stderr())
          .contains("--ipvs-required")
          .contains(missing());
      assertThat(KernelState.of(node1)).as("nothing was touched").isEqualTo(before());

      Daemon daemon = startIn(Mode.IPVS);
      daemon.awaitLog(PATIENCE, log -> log.contains(" synced "));
      awaitEvent(node1.name(), "FallbackToIptables");
      assertThat(daemon.log())
          .contains("Services are served by iptables")
          .contains(missing())
          .contains("mode iptables");
      assertAnsweredByBoth();
      Await.until(PATIENCE, () -> get("/proxyMode").equals("iptables"), () -> get("/proxyMode"));
      assertThat(get("/metrics"))
          .contains("kubeipvs_mode{mode=\"iptables\",} 1.0")
          .contains("kubeipvs_mode_fallback 1.0")
          .containsPattern("kubeproxy_sync_proxy_rules_iptables_total\\{[^}]*nat[^}]*} [1-9]");
      assertThat(Daemon.run(node1, "check").stdout())
          .contains("IPVS mode was asked for, and Services are served by iptables")
          .contains(missing())
          .doesNotContain("the kernel does not balance");
      assertThat(daemon.terminate()).isZero();
    } finally {
      giveItBack();
    }
    if (hasIpvs()) {
      // Rules of iptables mode go at the end of the sync that serves by IPVS.
      startIn(Mode.IPVS).awaitLog(PATIENCE, log -> log.contains(" synced "));
      awaitServed(ServiceKey.of(Protocol.TCP, VIP, PORT), a, c);
      assertThat(KernelState.of(node1).lines(KernelState.RULES_V4))
          .noneMatch(rule -> rule.contains("KUBE-SVC-"));
      assertAnsweredByBoth();
      removeWhatKubeletHasToo();
    }
  }

  private Output onceInIpvsMode(String flag) {
    return Daemon.run(
        node1,
        "run",
        "--once",
        "--mode=ipvs",
        "--manifests=" + manifests(),
        "--hostname-override",
        node1.name(),
        flag);
  }

  private void assertAnsweredByBoth() {
    Answers answers = asker.request(fresh(Protocol.TCP, VIP, PORT, 40));
    assertThat(answers.failures()).isEmpty();
    assertThat(answers.byServer()).containsOnlyKeys("a", "c");
  }

  private static String missing() {
    return hasIpvs() ? MODULE : "module ip_vs";
  }

  private void takeAPart() {
    if (hasIpvs()) {
      node1
          .run(
              "sh",
              "-ec",
              "m=$(modinfo -n %1$s); modprobe -r %1$s; mv $m $m.away".formatted(MODULE))
          .orFail();
    }
  }

  private void giveItBack() {
    if (hasIpvs()) {
      node1
          .run(
              "sh",
              "-ec",
              "m=$(find -L /lib/modules/$(uname -r) -name '%1$s.*away'); mv $m ${m%%.away}; modprobe %1$s"
                  .formatted(MODULE))
          .orFail();
    }
  }

  private String get(String path) {
    return node1.run("curl", "-s", METRICS + path).stdout();
  }
}
