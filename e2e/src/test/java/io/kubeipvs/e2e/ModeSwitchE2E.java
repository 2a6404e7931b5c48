package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.Protocol;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The daemon is stopped in one mode and started in the other while everybody uses its Services:
 * nobody notices. Of kube-proxy in iptables mode the rules are the same (IptablesModeKernelIT), so
 * that is one of the ways as well; of kube-proxy in IPVS mode the state is restored.
 */
@IpvsOnly("changes modes itself")
final class ModeSwitchE2E extends ExposedScenario {
  @Test
  void thereAndBackUnderLoadNobodyLosesAConnection() {
    thereAndBack(3);
  }

  @Tag("long")
  @Test
  void twentyTimesThereAndBackNobodyLosesAConnection() {
    thereAndBack(20);
  }

  private void thereAndBack(int times) {
    serve(web("LoadBalancer").ingress(OUTER), a, c);
    Daemon daemon = startIn(Mode.IPVS);
    awaitServers(ServiceKey.of(Protocol.TCP, OUTER, PORT), a, c);
    Loads loads = everybody();
    try (loads) {
      loads.awaitAnswers(3);
      for (int i = 0; i < times; i++) {
        assertThat(daemon.terminate()).isZero();
        daemon = startIn(Mode.IPTABLES);
        daemon.awaitLog(PATIENCE, log -> log.contains(" synced "));
        assertThat(rules()).anyMatch(rule -> rule.contains("KUBE-SVC-"));
        loads.awaitAnswers(3);
        assertThat(daemon.terminate()).isZero();
        daemon = startIn(Mode.IPVS);
        daemon.awaitLog(PATIENCE, log -> log.contains(" synced "));
        assertThat(rules()).noneMatch(rule -> rule.contains("KUBE-SVC-"));
        loads.awaitAnswers(3);
      }
    }
    assertNobodyLostAnything(times + " times there and back", loads);
    removeWhatKubeletHasToo();
  }

  @Test
  void ofIpvsModeNothingIsLeftWhenItsConnectionsHaveEnded() {
    serve(web("LoadBalancer").ingress(OUTER), a, c);
    Daemon ipvs = startIn(Mode.IPVS, "--ipvs-udp-timeout=5s");
    awaitServers(ServiceKey.of(Protocol.TCP, OUTER, PORT), a, c);
    Request datagrams = Loads.endless(Protocol.UDP, VIP, PORT).pausing(Duration.ofMillis(10));
    Request trickling = Loads.endless(Protocol.TCP, VIP, PORT).overOneConnection().endingByReset();
    try (Load held = asker.start(trickling)) {
      Loads.awaitAnswers(held, 2);
      assertThat(asker.request(datagrams.times(10)).failures()).isEmpty();
      assertThat(ipvs.terminate()).isZero();
      Daemon iptables = startIn(Mode.IPTABLES);
      iptables.awaitLog(PATIENCE, log -> log.contains(" synced "));
      Loads.awaitAnswers(held, 10);
      assertThat(KernelState.of(node1).lines(KernelState.IPVS))
          .as("drains")
          .anyMatch(line -> line.contains("-t 10.96.2.10:80") && line.endsWith("-w 0"));
      assertThat(held.stop().failures()).isEmpty();
      // What rules have translated by now leads to the same servers, and must not go with IPVS'.
      try (Load translated = asker.start(datagrams.overOneConnection())) {
        iptables.awaitLog(PATIENCE, log -> log.contains("nothing of IPVS mode is left"));
        Loads.awaitAnswers(translated, 20);
        assertThat(translated.stop().failures()).isEmpty();
      }
      KernelState after = KernelState.of(node1);
      assertThat(after.sets()).containsExactlyElementsOf(before().sets());
      assertThat(after.lines(KernelState.IPVS)).isEqualTo(before().lines(KernelState.IPVS));
      assertThat(after.routed()).isEmpty();
      Answers answers = asker.request(fresh(Protocol.TCP, VIP, PORT, 10));
      assertThat(answers.answers()).as("%s", answers.byReason()).hasSize(10);
      assertThat(answers.byServer().keySet()).isSubsetOf(a.name(), c.name());
      assertThat(iptables.terminate()).isZero();
      Daemon.run(node1, "cleanup").orFail();
      forgetDaemon();
      assertThat(rules()).anyMatch(rule -> rule.contains("block incoming localnet connections"));
      removeWhatKubeletHasToo();
      assertThat(KernelState.of(node1)).isEqualTo(before());
    }
  }

  @Test
  void iptablesModeTakesANodeOfKubeProxyInIpvsModeOver() {
    serve(
        web("LoadBalancer")
            .ingress(OUTER)
            .ingress(OUTER_V6)
            .with("externalIPs: [" + OTHER_OUTER + "]"),
        a,
        b,
        c);
    KubeProxyState.of("1.30").restore(node1);
    Loads loads = everybody();
    try (loads) {
      loads.awaitAnswers(3);
      Daemon daemon = startIn(Mode.IPTABLES, "--ipvs-drain-timeout=5m");
      daemon.awaitLog(PATIENCE, log -> log.contains(" synced "));
      loads.awaitAnswers(10);
      assertThat(daemon.terminate()).isZero();
      forgetDaemon();
    }
    assertNobodyLostAnything("from kube-proxy in IPVS mode", loads);
    Daemon.run(node1, "cleanup").orFail();
    removeWhatKubeletHasToo();
  }

  private List<String> rules() {
    return KernelState.of(node1).lines(KernelState.RULES_V4);
  }

  private void assertNobodyLostAnything(String what, Loads loads) {
    figure(what + ": requests, lost", loads.assertNothingLost(what) + ", 0");
  }

  private Loads everybody() {
    return new Loads()
        .add(asker, VIP, PORT)
        .add(asker, VIP_V6, PORT)
        .add(node1, VIP, PORT)
        .add(client, OUTER, PORT)
        .add(client, node1.v4(), NODE_PORT);
  }
}
