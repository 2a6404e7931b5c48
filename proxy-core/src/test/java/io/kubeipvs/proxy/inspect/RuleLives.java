package io.kubeipvs.proxy.inspect;

import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.proxy.apply.InterfaceAddresses;
import io.kubeipvs.proxy.apply.Kernel;
import io.kubeipvs.proxy.diff.DiffSettings;
import io.kubeipvs.proxy.diff.VipBinding;
import io.kubeipvs.proxy.inspect.memory.DryRun;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.plan.DetectLocal;
import io.kubeipvs.proxy.plan.RuleSettings;
import io.kubeipvs.proxy.state.ChangeTracker;
import io.kubeipvs.proxy.sync.Bench;
import io.kubeipvs.proxy.sync.FakeKernel;
import io.kubeipvs.proxy.sync.IptablesLoop;
import io.kubeipvs.proxy.sync.IptablesModeSettings;
import io.kubeipvs.proxy.sync.IpvsRetreat;
import io.kubeipvs.proxy.sync.RandomWorld;
import io.kubeipvs.proxy.sync.SyncListener;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/**
 * As {@link Lives}, in iptables mode: a kernel, and what the cluster asks for by now.
 *
 * @param loop of the daemon there
 */
public record RuleLives(FakeKernel kernel, ChangeTracker tracker, IptablesLoop loop) {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final RuleSettings RULES =
      new RuleSettings(
          false, 14, new DetectLocal.Ranges(List.of(IpPrefix.of("10.1.0.0/16"))), true);

  /** One in which nothing has happened yet. */
  public static RuleLives fresh() {
    FakeKernel kernel = new FakeKernel();
    kernel.addDevice("eth0", "10.0.2.15", "fd00:10::15");
    ChangeTracker tracker = new ChangeTracker("node1");
    return new RuleLives(kernel, tracker, loop(kernel.gateways(), tracker));
  }

  /** One in which some changes are programmed, and some not yet. */
  public static RuleLives live(long seed) throws IOException {
    RuleLives life = fresh();
    RandomWorld world = new RandomWorld(seed);
    Random random = new Random(seed);
    world.tell(life.tracker());
    for (int i = random.nextInt(20); i > 0; i--) {
      world.change(life.tracker());
      life.sync();
    }
    for (int i = random.nextInt(6); i > 0; i--) {
      world.change(life.tracker());
    }
    return life;
  }

  public void sync() throws IOException {
    loop.syncOnce(true, NOW);
  }

  public Cluster asked() {
    return Cluster.of(tracker, "test");
  }

  /** What the kernel holds. */
  public KernelState state() {
    return FakeGates.read(kernel);
  }

  public DryRun dryRun() {
    Snapshot snapshot =
        new Snapshot(
            NOW, "", List.of(), Part.of(asked()), Part.of(Running.NOTHING), FakeGates.read(kernel));
    return new DryRun(snapshot, "node1", RuleLives::loop, Bench.DEVICE);
  }

  private static IptablesLoop loop(Kernel kernel, ChangeTracker tracker) {
    DiffSettings ofIpvs =
        new DiffSettings(new VipBinding.ByRoute(Map.of()), Bench.DEVICE, false, List.of());
    return new IptablesLoop(
        tracker,
        kernel,
        new InterfaceAddresses(kernel.routes(), Bench.DEVICE),
        new IptablesModeSettings(
            NodeInfo.named("node1"), node -> RULES, true, true, List.of(), false),
        new IpvsRetreat(kernel, ofIpvs, Optional.empty(), kernel.iptables().keySet()),
        OptionalLong::empty,
        SyncListener.NONE);
  }
}
