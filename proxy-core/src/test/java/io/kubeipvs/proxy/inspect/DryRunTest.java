package io.kubeipvs.proxy.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.ipvs.Ipvs;
import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.ObservedService;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.apply.Kernel;
import io.kubeipvs.proxy.diff.DiffSettings;
import io.kubeipvs.proxy.diff.VipBinding;
import io.kubeipvs.proxy.inspect.memory.MemoryKernel;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.plan.PlanSettings;
import io.kubeipvs.proxy.sync.Bench;
import io.kubeipvs.proxy.sync.FakeKernel;
import io.kubeipvs.proxy.sync.KernelText;
import io.kubeipvs.proxy.sync.RandomWorld;
import io.kubeipvs.proxy.sync.SyncReport;
import io.kubeipvs.proxy.sync.SyncSettings;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over random lives of a cluster: what is foretold comes true. */
class DryRunTest {
  private static final int LIVES = 40;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void daemonDoesWhatTheDryRunSays(long block) throws IOException {
    for (long seed = block * 1000; seed < block * 1000 + LIVES; seed++) {
      VipBinding binding = binding(seed);
      Bench bench = bench(binding);
      live(bench, new RandomWorld(seed), seed);
      Cluster asked = Cluster.of(bench.tracker, "test");
      DryRun dryRun = dryRun(bench, asked, binding);

      SyncReport foretold = dryRun.sync(asked);
      SyncReport done = bench.fullSync();

      String where = "seed " + seed;
      assertThat(foretold.failures()).as(where).isEmpty();
      assertThat(foretold.done()).as(where).containsExactlyInAnyOrderElementsOf(done.done());
      KernelState after = dryRun.kernel();
      assertThat(text(after)).as(where).isEqualTo(KernelText.of(bench.kernel.gateways()));
      assertThat(rules(after)).as(where).isEqualTo(rules(FakeGates.read(bench.kernel)));
      assertThat(dryRun.sync(asked).done()).as(where + ", again").isEmpty();
    }
  }

  /** Leaves a kernel that is not as the cluster asks for: some changes are not programmed yet. */
  private static void live(Bench bench, RandomWorld world, long seed) throws IOException {
    Random random = new Random(seed);
    world.tell(bench.tracker);
    for (int i = random.nextInt(20); i > 0; i--) {
      world.change(bench.tracker);
      bench.sync();
      giveConnections(bench.kernel, random);
    }
    for (int i = random.nextInt(6); i > 0; i--) {
      world.change(bench.tracker);
    }
  }

  private static void giveConnections(FakeKernel kernel, Random random) throws IOException {
    Ipvs ipvs = kernel.ipvs;
    for (ObservedService service : ipvs.services()) {
      for (ObservedServer server : ipvs.servers(service.service().key())) {
        kernel.ipvs.setConnections(
            service.service().key(), server.server().key(), random.nextInt(2), 0);
      }
    }
  }

  private static VipBinding binding(long seed) {
    return seed % 2 == 0
        ? new VipBinding.ByAddress(Bench.DEVICE)
        : new VipBinding.ByRoute(Map.of());
  }

  private static Bench bench(VipBinding binding) {
    FakeKernel kernel = new FakeKernel();
    kernel.addDevice("eth0", "10.0.2.15", "fd00:10::15");
    return new Bench(kernel, binding, PlanSettings.DEFAULT);
  }

  private static DryRun dryRun(Bench bench, Cluster asked, VipBinding binding) {
    Snapshot snapshot =
        new Snapshot(
            bench.now,
            "",
            List.of(),
            Part.of(asked),
            Part.of(Running.NOTHING),
            FakeGates.read(bench.kernel));
    return new DryRun(snapshot, kernel -> settings(kernel, binding), Bench.DEVICE);
  }

  static SyncSettings settings(Kernel kernel, VipBinding binding) {
    return new SyncSettings(
        NodeInfo.named("node1"),
        kernel.iptables().keySet(),
        PlanSettings.DEFAULT,
        node -> Bench.ground(kernel.iptables().keySet()),
        node -> new DiffSettings(binding, Bench.DEVICE, false, List.of()),
        List.of(),
        false);
  }

  private static List<String> text(KernelState state) throws IOException {
    return KernelText.of(new MemoryKernel(state, Set.of()).gateways());
  }

  private static Map<AddressFamily, SavedRules> rules(KernelState state) {
    Map<AddressFamily, SavedRules> rules = new EnumMap<>(AddressFamily.class);
    state.rules().value().orElseThrow().forEach(each -> rules.put(each.family(), each.saved()));
    return rules;
  }
}
