package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The daemon is stopped in one mode and started in the other while everybody uses its Services:
 * nobody notices. Of kube-proxy in iptables mode the rules are the same (IptablesModeKernelIT), so
 * that is one of the ways as well; of kube-proxy in IPVS mode the state is restored.
 */
@IpvsOnly("changes modes itself")
final class ModeSwitchE2E extends ExposedScenario {
  private static final Duration PAUSE = Duration.ofMillis(200);

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
    Map<String, Load> loads = everybody();
    try {
      awaitAnswers(loads, 3);
      for (int i = 0; i < times; i++) {
        assertThat(daemon.terminate()).isZero();
        daemon = startIn(Mode.IPTABLES);
        daemon.awaitLog(PATIENCE, log -> log.contains(" synced "));
        assertThat(rules()).anyMatch(rule -> rule.contains("KUBE-SVC-"));
        awaitAnswers(loads, 3);
        assertThat(daemon.terminate()).isZero();
        daemon = startIn(Mode.IPVS);
        daemon.awaitLog(PATIENCE, log -> log.contains(" synced "));
        assertThat(rules()).noneMatch(rule -> rule.contains("KUBE-SVC-"));
        awaitAnswers(loads, 3);
      }
    } finally {
      loads.values().forEach(Load::close);
    }
    assertNobodyLostAnything(times + " times there and back", loads);
    removeWhatKubeletHasToo();
  }

  @Test
  void ofIpvsModeNothingIsLeftWhenItsConnectionsHaveEnded() {
    serve(web("LoadBalancer").ingress(OUTER), a, c);
    Daemon ipvs = startIn(Mode.IPVS);
    awaitServers(ServiceKey.of(Protocol.TCP, OUTER, PORT), a, c);
    Request trickling = endless(Protocol.TCP, VIP, PORT).overOneConnection().endingByReset();
    try (Load held = asker.start(trickling)) {
      awaitAnswers(Map.of("held", held), 2);
      assertThat(ipvs.terminate()).isZero();
      Daemon iptables = startIn(Mode.IPTABLES);
      iptables.awaitLog(PATIENCE, log -> log.contains(" synced "));
      awaitAnswers(Map.of("held", held), 10);
      assertThat(KernelState.of(node1).lines(KernelState.IPVS))
          .as("drains")
          .anyMatch(line -> line.contains("-t 10.96.2.10:80") && line.endsWith("-w 0"));
      assertThat(held.stop().failures()).isEmpty();
      iptables.awaitLog(PATIENCE, log -> log.contains("nothing of IPVS mode is left"));
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
    Map<String, Load> loads = everybody();
    try {
      awaitAnswers(loads, 3);
      Daemon daemon = startIn(Mode.IPTABLES, "--ipvs-drain-timeout=5m");
      daemon.awaitLog(PATIENCE, log -> log.contains(" synced "));
      awaitAnswers(loads, 10);
      assertThat(daemon.terminate()).isZero();
      forgetDaemon();
    } finally {
      loads.values().forEach(Load::close);
    }
    assertNobodyLostAnything("from kube-proxy in IPVS mode", loads);
    Daemon.run(node1, "cleanup").orFail();
    removeWhatKubeletHasToo();
  }

  private List<String> rules() {
    return KernelState.of(node1).lines(KernelState.RULES_V4);
  }

  private static void assertNobodyLostAnything(String what, Map<String, Load> loads) {
    int requests = 0;
    for (Map.Entry<String, Load> load : loads.entrySet()) {
      Answers answers = load.getValue().soFar();
      assertThat(answers.failures()).as(what + ": " + load.getKey()).isEmpty();
      requests += answers.answers().size();
    }
    System.out.println("figure: ModeSwitchE2E: " + what + ": requests, lost: " + requests + ", 0");
  }

  private Map<String, Load> everybody() {
    Map<String, Load> loads = new LinkedHashMap<>();
    load(loads, asker, VIP, PORT);
    load(loads, asker, VIP_V6, PORT);
    load(loads, node1, VIP, PORT);
    load(loads, client, OUTER, PORT);
    load(loads, client, node1.v4(), NODE_PORT);
    return loads;
  }

  private void load(Map<String, Load> loads, Host from, IpAddress address, int port) {
    String what = from.name() + " to " + address.withPort(port);
    Request tcp = endless(Protocol.TCP, address, port);
    loads.put(what + ", new connections", from.start(tcp));
    loads.put(what + ", one connection", from.start(tcp.overOneConnection()));
    Request udp = endless(Protocol.UDP, address, port);
    loads.put(what + ", one UDP socket", from.start(udp.overOneConnection()));
  }

  private static Request endless(Protocol protocol, IpAddress address, int port) {
    return Request.to(protocol, address, port)
        .times(0)
        .within(Duration.ofSeconds(5))
        .pausing(PAUSE);
  }

  private static void awaitAnswers(Map<String, Load> loads, int more) {
    Map<Load, Integer> now = new LinkedHashMap<>();
    loads.values().forEach(load -> now.put(load, load.soFar().answers().size()));
    now.forEach(
        (load, before) ->
            Await.until(
                PATIENCE,
                () -> load.soFar().answers().size() >= before + more,
                () -> load.soFar().byReason().toString()));
  }
}
