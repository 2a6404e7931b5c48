package io.kubeipvs.proxy.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.IpvsadmText;
import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.ObservedService;
import io.kubeipvs.proxy.diff.VipBinding;
import io.kubeipvs.proxy.plan.PlanSettings;
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

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyStepEqualsAFreshStart(long seed) {
    VipBinding binding = binding(seed);
    RandomWorld world = new RandomWorld(seed);
    Bench bench = new Bench(kernel(), binding, PlanSettings.DEFAULT);
    SafetyChecker safety = new SafetyChecker();
    world.tell(bench.tracker);
    bench.fullSync().done().forEach(operation -> safety.replay(List.of(operation)));

    for (int step = 0; step < STEPS; step++) {
      String change = world.change(bench.tracker);
      SyncReport report = bench.sync();

      String where = "seed " + seed + ", step " + step + ": " + change;
      assertThat(report.failures()).as(where).isEmpty();
      assertThat(safety.replay(report.done())).as(where).isEmpty();
      if (step % 5 == 0) {
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
    kernel.addDevice("eth0", "10.0.2.15", "fd00:10::15");
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
