package io.kubeipvs.proxy.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.IpvsadmText;
import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.ObservedService;
import io.kubeipvs.proxy.diff.VipBinding;
import io.kubeipvs.proxy.plan.PlanSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The laws, over random lives of a cluster: what was reached change by change equals what a proxy
 * that starts now would make; a comparison after that finds nothing; and at no moment on the way
 * was the kernel in a state no client should meet. {@code -Dkubeipvs.laws.steps=N} for longer.
 */
class LawTest {
  private static final int STEPS = Integer.getInteger("kubeipvs.laws.steps", 250);
  private static final int LIVES = Integer.getInteger("kubeipvs.laws.lives", 2000);
  private static final int SHORT_STEPS = 6;
  private static final List<String> NODE_ADDRESSES = List.of("10.0.2.15", "fd00:10::15");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyStepEqualsAFreshStart(long seed) {
    live(seed, STEPS, 5);
  }

  /** Where lives begin matters as much as how long they are. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void soItIsInThousandsOfShortLives(long block) {
    for (long seed = block * 1000; seed < block * 1000 + LIVES / 4; seed++) {
      live(seed, SHORT_STEPS, SHORT_STEPS / 2);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void soItIsWhateverIsRefusedAndWhateverOthersDo(long block) throws IOException {
    for (long seed = block * 1000; seed < block * 1000 + LIVES / 40; seed++) {
      new TroubledLife(kernel().gateways(), seed, NODE_ADDRESSES).live(4 * SHORT_STEPS);
    }
  }

  private static void live(long seed, int steps, int compareEvery) {
    VipBinding binding = binding(seed);
    RandomWorld world = new RandomWorld(seed);
    Bench bench = new Bench(kernel(), binding, PlanSettings.DEFAULT);
    SafetyChecker safety = new SafetyChecker();
    world.tell(bench.tracker);
    bench.fullSync().done().forEach(operation -> safety.replay(List.of(operation)));

    for (int step = 0; step < steps; step++) {
      String change = world.change(bench.tracker);
      SyncReport report = bench.sync();

      String where = "seed " + seed + ", step " + step + ": " + change;
      assertThat(report.failures()).as(where).isEmpty();
      assertThat(safety.replay(report.done())).as(where).isEmpty();
      if (step % compareEvery == compareEvery - 1) {
        assertThat(text(bench.kernel)).as(where).isEqualTo(text(fresh(world, binding)));
        assertThat(bench.fullSync().done()).as(where + ", compared again").isEmpty();
      }
    }
  }

  /** Half the lives bind VIPs by address. */
  private static VipBinding binding(long seed) {
    return seed % 2 == 0
        ? new VipBinding.ByAddress(Bench.DEVICE)
        : new VipBinding.ByRoute(Map.of());
  }

  private static FakeKernel kernel() {
    FakeKernel kernel = new FakeKernel();
    kernel.addDevice("eth0", NODE_ADDRESSES.toArray(String[]::new));
    return kernel;
  }

  private static FakeKernel fresh(RandomWorld world, VipBinding binding) {
    Bench bench = new Bench(kernel(), binding, PlanSettings.DEFAULT);
    world.tell(bench.tracker);
    assertThat(bench.fullSync().failures()).isEmpty();
    return bench.kernel;
  }

  /** All of a kernel in one order. */
  private static String text(FakeKernel kernel) {
    List<String> lines = new ArrayList<>();
    for (ObservedService observed : kernel.ipvs.services()) {
      lines.add("-A " + IpvsadmText.service(observed.service()));
      for (ObservedServer server : kernel.ipvs.servers(observed.service().key())) {
        lines.add("-a " + IpvsadmText.server(observed.service().key(), server.server()));
      }
    }
    lines.sort(null);
    kernel.routes.allRoutes().forEach(route -> lines.add(route.toString()));
    lines.addAll(kernel.addresses());
    return String.join("\n", lines)
        + kernel.sets.dump()
        + kernel.iptables.saveText()
        + kernel.ip6tables.saveText();
  }
}
