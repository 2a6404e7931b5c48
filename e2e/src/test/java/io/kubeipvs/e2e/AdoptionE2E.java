package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A node that kube-proxy served is taken over while everybody uses it: nobody notices, and what is
 * there in the end is what a start on an empty node makes.
 */
@IpvsOnly("takes over from kube-proxy in IPVS mode; ModeSwitchE2E has the other ways")
final class AdoptionE2E extends ExposedScenario {
  private static final ServiceKey FOREIGN_TOO =
      ServiceKey.of(Protocol.TCP, IpAddress.of("203.0.113.50"), 80);
  private static final ServiceKey EXCLUDED =
      ServiceKey.of(Protocol.TCP, IpAddress.of("203.0.113.60"), 80);

  @ParameterizedTest
  @CsvSource({"1.30,route", "1.20,address"})
  void aNodeOfKubeProxyIsTakenOverWithoutALostRequest(String version, String binding) {
    takeOver(version, binding);
  }

  @Tag("long")
  @ParameterizedTest
  @CsvSource({"1.30,address", "1.20,route"})
  void soItIsWithTheOtherBinding(String version, String binding) {
    takeOver(version, binding);
  }

  private void takeOver(String version, String binding) {
    KubeProxyState former = KubeProxyState.of(version);
    serveWeb();
    String flag = "--ipvs-vip-binding=" + binding;
    List<String> ours = madeOnAnEmptyNode(flag);

    former.restore(node1);
    Loads loads = everybody(former.isDualStack());
    try (loads) {
      loads.awaitAnswers(5);
      start(flag, "--ipvs-sync-period=2s");
      awaitState(ours);
      loads.awaitAnswers(20);
    }
    String what = version + ", " + binding;
    figure(what + ": requests, failed", loads.assertNothingLost(what) + ", 0");
    assertThat(KubeProxyState.comparable(KernelState.of(node1))).isEqualTo(ours);
  }

  /** What is nobody's: left alone by default, deleted when asked, but never what is excluded. */
  @Test
  void virtualServicesOfOthersAreDeletedOnlyWhenAskedAndNeverThoseExcluded() {
    node1
        .run(
            "sh",
            "-ec",
            """
            ipvsadm -A -t 203.0.113.50:80 -s rr
            ipvsadm -A -t 203.0.113.60:80 -s rr
            ipvsadm -a -t 203.0.113.60:80 -r %s -m
            ip route add local 203.0.113.60 dev lo table local
            """
                .formatted(b.v4().withPort(POD_PORT)))
        .orFail();
    serveWeb();
    runOnce().orFail();
    assertThat(KernelState.of(node1).services()).containsKeys(FOREIGN, FOREIGN_TOO, EXCLUDED);

    Request endless = Request.tcp(IpAddress.of("203.0.113.60"), 80).times(0);
    try (Load load = asker.start(endless.pausing(Duration.ofMillis(20)).within(PATIENCE))) {
      start(
          "--ipvs-foreign-services=delete", "--ipvs-exclude-cidrs=203.0.113.0/28,203.0.113.60/32");
      awaitKernel(state -> !state.services().containsKey(FOREIGN_TOO));
      Loads.awaitAnswers(load, 20);
      Answers answers = load.stop();
      assertThat(answers.failures()).isEmpty();
      assertThat(answers.byServer()).containsOnlyKeys("b");
    }
    assertThat(KernelState.of(node1).services()).containsKeys(FOREIGN, EXCLUDED);
    node1
        .run(
            "sh",
            "-ec",
            "ipvsadm -D -t 203.0.113.60:80; ip route del local 203.0.113.60 dev lo table local")
        .orFail();
  }

  private void awaitState(List<String> expected) {
    Await.until(
        PATIENCE.multipliedBy(2),
        () -> KubeProxyState.comparable(KernelState.of(node1)).equals(expected),
        () -> difference(expected, KubeProxyState.comparable(KernelState.of(node1))));
  }

  private static String difference(List<String> expected, List<String> there) {
    List<String> missing = new ArrayList<>(expected);
    missing.removeAll(there);
    List<String> surplus = new ArrayList<>(there);
    surplus.removeAll(expected);
    return "missing " + missing + ", surplus " + surplus;
  }

  private void serveWeb() {
    serve(
        web("LoadBalancer")
            .ingress(OUTER)
            .ingress(OUTER_V6)
            .with("externalIPs: [" + OTHER_OUTER + "]"),
        a,
        b,
        c);
  }

  private List<String> madeOnAnEmptyNode(String... flags) {
    runOnce(flags).orFail();
    List<String> made = KubeProxyState.comparable(KernelState.of(node1));
    Daemon.run(node1, "cleanup").orFail();
    assertThat(KernelState.of(node1)).isEqualTo(before());
    return made;
  }

  /** From everywhere to every way in. */
  private Loads everybody(boolean dualStack) {
    Loads loads = new Loads();
    List<IpAddress> clusterIps = new ArrayList<>(List.of(VIP));
    List<IpAddress> outer = new ArrayList<>(List.of(OUTER, OTHER_OUTER));
    if (dualStack) {
      clusterIps.add(VIP_V6);
      outer.add(OUTER_V6);
    }
    for (Host from : List.of(asker, node1)) {
      clusterIps.forEach(vip -> loads.add(from, vip, PORT));
    }
    outer.forEach(vip -> loads.add(client, vip, PORT));
    return loads.add(client, node1.v4(), NODE_PORT);
  }
}
