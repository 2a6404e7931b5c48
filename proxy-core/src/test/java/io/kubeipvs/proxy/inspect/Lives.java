package io.kubeipvs.proxy.inspect;

import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.ObservedService;
import io.kubeipvs.proxy.apply.Kernel;
import io.kubeipvs.proxy.diff.DiffSettings;
import io.kubeipvs.proxy.diff.VipBinding;
import io.kubeipvs.proxy.inspect.memory.DryRun;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.plan.PlanSettings;
import io.kubeipvs.proxy.sync.Bench;
import io.kubeipvs.proxy.sync.FakeKernel;
import io.kubeipvs.proxy.sync.RandomWorld;
import io.kubeipvs.proxy.sync.SyncSettings;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Kernels that are not as the cluster asks for, out of random lives. */
public final class Lives {
  private Lives() {}

  /** Half the lives bind VIPs by address. */
  public static VipBinding binding(long seed) {
    return seed % 2 == 0
        ? new VipBinding.ByAddress(Bench.DEVICE)
        : new VipBinding.ByRoute(Map.of());
  }

  /** One in which some changes are programmed, and some not yet. */
  public static Bench live(long seed) throws IOException {
    FakeKernel kernel = new FakeKernel();
    kernel.addDevice("eth0", "10.0.2.15", "fd00:10::15");
    Bench bench = new Bench(kernel, binding(seed), PlanSettings.DEFAULT);
    RandomWorld world = new RandomWorld(seed);
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
    return bench;
  }

  private static void giveConnections(FakeKernel kernel, Random random) throws IOException {
    for (ObservedService service : kernel.ipvs.services()) {
      for (ObservedServer server : kernel.ipvs.servers(service.service().key())) {
        kernel.ipvs.setConnections(
            service.service().key(), server.server().key(), random.nextInt(2), 0);
      }
    }
  }

  public static DryRun dryRun(Bench bench, Cluster asked, VipBinding binding) {
    return dryRun(bench, asked, binding, Running.NOTHING);
  }

  public static DryRun dryRun(Bench bench, Cluster asked, VipBinding binding, Running running) {
    Snapshot snapshot =
        new Snapshot(
            bench.now,
            "",
            List.of(),
            Part.of(asked),
            Part.of(running),
            FakeGates.read(bench.kernel));
    return new DryRun(
        snapshot,
        "node1",
        DryRun.ipvs(kernel -> settings(kernel, binding), Bench.DEVICE),
        Bench.DEVICE);
  }

  private static SyncSettings settings(Kernel kernel, VipBinding binding) {
    return new SyncSettings(
        NodeInfo.named("node1"),
        kernel.iptables().keySet(),
        PlanSettings.DEFAULT,
        node -> Bench.ground(kernel.iptables().keySet()),
        node -> new DiffSettings(binding, Bench.DEVICE, false, List.of()),
        List.of(),
        false);
  }
}
