package io.kubeipvs.proxy.sync;

import io.kubeipvs.ipset.SetSpec;
import io.kubeipvs.iptables.RuleSet;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.apply.Executor;
import io.kubeipvs.proxy.apply.Kernel;
import io.kubeipvs.proxy.apply.KernelObserver;
import io.kubeipvs.proxy.diff.DiffSettings;
import io.kubeipvs.proxy.diff.Ground;
import io.kubeipvs.proxy.diff.VipBinding;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.plan.PlanSettings;
import io.kubeipvs.proxy.plan.RuleSettings;
import io.kubeipvs.proxy.plan.ipvs.KubeSets;
import io.kubeipvs.proxy.plan.ipvs.RulePlanner;
import io.kubeipvs.proxy.state.ChangeTracker;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** A loop on a kernel in memory, with a clock that stands still until it is told. */
public final class Bench {
  public static final String DEVICE = "kube-ipvs0";

  public final FakeKernel kernel;
  public final ChangeTracker tracker = new ChangeTracker("node1");
  public final SyncLoop loop;
  public Instant now = Instant.parse("2026-03-01T00:00:00Z");

  public Bench() {
    this(new FakeKernel(), new VipBinding.ByRoute(Map.of()), PlanSettings.DEFAULT);
  }

  /** One that tells somebody what it does. */
  public Bench(SyncListener listener) {
    this.kernel = new FakeKernel();
    this.loop =
        loop(
            kernel.gateways(),
            tracker,
            node -> new VipBinding.ByRoute(Map.of()),
            PlanSettings.DEFAULT,
            listener);
  }

  public Bench(FakeKernel kernel, VipBinding binding, PlanSettings plan) {
    this(kernel, node -> binding, plan);
  }

  public Bench(FakeKernel kernel, Function<NodeInfo, VipBinding> binding) {
    this(kernel, binding, PlanSettings.DEFAULT);
  }

  private Bench(FakeKernel kernel, Function<NodeInfo, VipBinding> binding, PlanSettings plan) {
    this.kernel = kernel;
    this.loop = loop(kernel.gateways(), tracker, binding, plan);
  }

  /** A loop on any kernel. */
  static SyncLoop loop(
      Kernel kernel,
      ChangeTracker tracker,
      Function<NodeInfo, VipBinding> binding,
      PlanSettings plan) {
    return loop(kernel, tracker, binding, plan, SyncListener.NONE);
  }

  private static SyncLoop loop(
      Kernel kernel,
      ChangeTracker tracker,
      Function<NodeInfo, VipBinding> binding,
      PlanSettings plan,
      SyncListener listener) {
    SyncSettings settings =
        new SyncSettings(
            NodeInfo.named("node1"),
            kernel.iptables().keySet(),
            plan,
            node -> ground(kernel.iptables().keySet()),
            node -> new DiffSettings(binding.apply(node), DEVICE, false, List.of()),
            List.of(),
            false);
    return new SyncLoop(
        tracker, new KernelObserver(kernel, DEVICE), new Executor(kernel), settings, listener);
  }

  public static Ground ground(Set<AddressFamily> families) {
    Map<AddressFamily, RuleSet> rules = new EnumMap<>(AddressFamily.class);
    List<SetSpec> sets = new ArrayList<>();
    for (AddressFamily family : families) {
      rules.put(family, RulePlanner.plan(family, RuleSettings.DEFAULT));
      sets.addAll(KubeSets.of(family));
    }
    return new Ground(sets, rules, DEVICE);
  }

  /** A sync that looks at nothing but what changed. */
  public SyncReport sync() {
    return sync(false);
  }

  public SyncReport fullSync() {
    return sync(true);
  }

  private SyncReport sync(boolean full) {
    try {
      return loop.syncOnce(full, now);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
