package io.kubeipvs.proxy.sync;

import static io.kubeipvs.proxy.Objects.OLD;
import static io.kubeipvs.proxy.Objects.service;
import static io.kubeipvs.proxy.Objects.settings;
import static io.kubeipvs.proxy.Objects.slice;
import static io.kubeipvs.proxy.Objects.with;
import static io.kubeipvs.proxy.sync.Bench.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.Errno;
import io.kubeipvs.proxy.model.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nine seconds of slow start: a step each second. */
class SlowStartLoopTest {
  private static final String A = "10.1.0.1";
  private static final String B = "10.1.0.2";
  private static final String C = "10.1.0.3";

  private Bench bench = new Bench();

  @Test
  void serversThatComeTogetherShareFromTheStart() {
    web("wrr", A, B);

    bench.fullSync();

    assertThat(weights()).isEqualTo(Map.of(A, 10, B, 10));
    assertThat(bench.loop.untilNextStep(bench.now)).isEmpty();
  }

  @Test
  void aServerThatJoinsGetsItsWeightStepByStep() {
    web("wrr", A, B);
    bench.fullSync();
    web("wrr", A, B, C);

    List<Integer> seen = new ArrayList<>();
    for (int second = 0; second < 10; second++) {
      assertThat(bench.sync().done()).as("second " + second).hasSize(1);
      seen.add(weights().get(C));
      assertThat(bench.sync().didNothing()).isTrue();
      assertThat(bench.fullSync().didNothing()).isTrue();
      bench.now = bench.now.plusSeconds(1);
    }

    assertThat(seen).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    assertThat(weights()).isEqualTo(Map.of(A, 10, B, 10, C, 10));
    assertThat(bench.loop.untilNextStep(bench.now)).isEmpty();
    assertThat(bench.sync().didNothing()).isTrue();
  }

  @Test
  void theLoopSaysWhenTheNextStepIsDue() {
    web("wrr", A);
    bench.fullSync();
    web("wrr", A, B);
    bench.sync();

    assertThat(bench.loop.untilNextStep(bench.now)).contains(Duration.ofSeconds(1));
    bench.now = bench.now.plusMillis(700);
    assertThat(bench.loop.untilNextStep(bench.now)).contains(Duration.ofMillis(300));
    bench.now = bench.now.plusSeconds(5);
    assertThat(bench.loop.untilNextStep(bench.now)).contains(Duration.ZERO);
    bench.sync();
    assertThat(weights()).containsEntry(B, 6);
    assertThat(bench.loop.untilNextStep(bench.now)).contains(Duration.ofMillis(300));
  }

  @Test
  void aRestartGoesOnWhereItWasAndServersOfFullWeightKeepIt() {
    web("wrr", A, B);
    bench.fullSync();
    web("wrr", A, B, C);
    bench.sync();
    bench.now = bench.now.plusSeconds(4);
    bench.sync();
    assertThat(weights()).isEqualTo(Map.of(A, 10, B, 10, C, 5));

    bench = bench.restarted();
    web("wrr", A, B, C);
    assertThat(bench.fullSync().didNothing()).isTrue();
    bench.now = bench.now.plusSeconds(1);
    bench.sync();
    assertThat(weights()).isEqualTo(Map.of(A, 10, B, 10, C, 6));
  }

  @Test
  void aServerThatCameWhileNobodyLookedStartsSlowly() {
    web("wrr", A, B);
    bench.fullSync();

    bench = bench.restarted();
    web("wrr", A, B, C);
    bench.fullSync();

    assertThat(weights()).isEqualTo(Map.of(A, 10, B, 10, C, 1));
  }

  @Test
  void askingForItLaterSlowsNobodyDown() {
    bench.tracker.service(web("wrr", Optional.empty()));
    bench.tracker.slice(slice("web", Protocol.TCP, A, B));
    bench.tracker.listed();
    bench.fullSync();
    assertThat(weights()).isEqualTo(Map.of(A, 1, B, 1));

    web("wrr", A, B);
    bench.sync();
    assertThat(weights()).isEqualTo(Map.of(A, 10, B, 10));

    bench.tracker.service(web("wrr", Optional.empty()));
    bench.sync();
    bench = bench.restarted();
    web("wrr", A, B);
    bench.fullSync();
    assertThat(weights()).isEqualTo(Map.of(A, 10, B, 10));
  }

  @Test
  void aServerThatReturnsWhileItDrainsIsWarm() {
    web("wrr", A, B);
    bench.fullSync();
    bench.kernel.ipvs.setConnections(WEB, new ServerKey(IpAddress.of(B), 8080), 3, 0);
    web("wrr", A);
    bench.sync();
    assertThat(weights()).isEqualTo(Map.of(A, 10, B, 0));

    web("wrr", A, B);
    bench.sync();
    assertThat(weights()).isEqualTo(Map.of(A, 10, B, 10));
  }

  @Test
  void aWeightOfSomebodyElseIsRepairedOnTheWay() {
    web("wrr", A, B);
    bench.fullSync();
    web("wrr", A, B, C);
    bench.sync();
    bench.now = bench.now.plusSeconds(2);
    bench.sync();
    for (String server : List.of(A, C)) {
      RealServer wrong = RealServer.masquerade(IpAddress.of(server), 8080, 5);
      bench.kernel.ipvs.tamper(new IpvsCommand.UpdateServer(WEB, wrong));
    }

    bench.fullSync();

    assertThat(weights()).isEqualTo(Map.of(A, 10, B, 10, C, 3));
  }

  @Test
  void aStepThatFailsIsTriedAgain() {
    web("wrr", A);
    bench.fullSync();
    web("wrr", A, B);
    bench.sync();
    bench.now = bench.now.plusSeconds(1);
    bench.kernel.ipvs.failCommand(1, Errno.ENOMEM);
    assertThat(bench.sync().failures()).hasSize(1);

    assertThat(bench.fullSync().failures()).isEmpty();

    assertThat(weights()).isEqualTo(Map.of(A, 10, B, 2));
  }

  @Test
  void aServerThatLeavesOnTheWayIsForgotten() {
    web("wrr", A);
    bench.fullSync();
    web("wrr", A, B);
    bench.sync();
    web("wrr", A);
    bench.sync();

    assertThat(weights()).isEqualTo(Map.of(A, 10));
    assertThat(bench.loop.untilNextStep(bench.now)).isEmpty();
  }

  @Test
  void schedulersThatDoNotShareByWeightKeepPlainWeights() {
    web("rr", A);
    bench.fullSync();
    web("rr", A, B);
    bench.sync();

    assertThat(weights()).isEqualTo(Map.of(A, 1, B, 1));
  }

  @Test
  void aLoopThatRunsOnceLeavesNobodyHalfWay() {
    web("wrr", A, B);
    bench.fullSync();
    web("wrr", A, B, C);
    bench.sync();

    bench = bench.restarted();
    bench.loop.skipSlowStarts();
    web("wrr", A, B, C);
    bench.fullSync();

    assertThat(weights()).isEqualTo(Map.of(A, 10, B, 10, C, 10));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whateverHappensComparingAgainFindsNothingAndAllEndAtFullWeight(long seed) {
    Random random = new Random(seed);
    web("wrr", A, B);
    bench.fullSync();
    for (int step = 0; step < 300; step++) {
      bench.now = bench.now.plusMillis(random.nextInt(3000));
      if (random.nextInt(20) == 0) {
        bench = bench.restarted();
      }
      String[] servers =
          Stream.of(A, B, C, "10.1.0.4").filter(s -> random.nextBoolean()).toArray(String[]::new);
      if (random.nextInt(3) == 0 || !bench.tracker.isListed()) {
        web(random.nextInt(9) == 0 ? "rr" : "wrr", servers);
      }
      bench.sync();
      String where = "seed " + seed + ", step " + step;
      assertThat(bench.sync().didNothing()).as(where).isTrue();
      assertThat(bench.fullSync().didNothing()).as(where).isTrue();
      assertThat(weights().values()).as(where).allMatch(weight -> weight >= 1 && weight <= 10);
    }
    web("wrr", A, B, C);
    bench.sync();
    bench.now = bench.now.plusSeconds(9);
    bench.sync();
    assertThat(weights()).isEqualTo(Map.of(A, 10, B, 10, C, 10));
    assertThat(bench.loop.untilNextStep(bench.now)).isEmpty();
  }

  private void web(String scheduler, String... servers) {
    bench.tracker.service(web(scheduler, Optional.of(Duration.ofSeconds(9))));
    bench.tracker.slice(slice("web", Protocol.TCP, servers));
    bench.tracker.listed();
  }

  private static Service web(String scheduler, Optional<Duration> slowStart) {
    return with(
        service("web", OLD, Protocol.TCP, "10.96.0.10"),
        settings(Optional.of(scheduler), Optional.empty(), slowStart));
  }

  private Map<String, Integer> weights() {
    Map<String, Integer> weights = new TreeMap<>();
    for (ObservedServer observed : bench.kernel.ipvs.servers(WEB)) {
      weights.put(observed.server().key().address().toString(), observed.server().weight());
    }
    return weights;
  }
}
