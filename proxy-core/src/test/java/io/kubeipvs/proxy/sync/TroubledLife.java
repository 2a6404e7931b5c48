package io.kubeipvs.proxy.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.proxy.apply.Failure;
import io.kubeipvs.proxy.apply.Kernel;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.diff.VipBinding;
import io.kubeipvs.proxy.plan.PlanSettings;
import io.kubeipvs.proxy.state.ChangeTracker;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A random life of a cluster in a kernel, in memory or real, with troubles: commands are refused,
 * and somebody changes what is ours. What is there after each step, or after the look that follows
 * a trouble, equals what a proxy that starts now makes of an empty kernel; a comparison after that
 * finds nothing; and no batch did anything in an unsafe order.
 */
final class TroubledLife {
  private final Kernel kernel;
  private final long seed;
  private final List<String> nodeAddresses;
  private final RandomWorld world;
  private final VipBinding binding;
  private final Refusals refusals;
  private final KernelFaults faults;
  private final SyncLoop loop;
  private final ChangeTracker tracker = new ChangeTracker("node1");
  private final SafetyChecker safety = new SafetyChecker();
  private final Instant now = Instant.parse("2026-03-01T00:00:00Z");

  TroubledLife(Kernel kernel, long seed, List<String> nodeAddresses) {
    Random random = new Random(seed);
    this.kernel = kernel;
    this.seed = seed;
    this.nodeAddresses = nodeAddresses;
    this.world = new RandomWorld(seed);
    this.binding = binding(seed);
    this.refusals = new Refusals(random);
    this.faults = new KernelFaults(kernel, random);
    this.loop = Bench.loop(refusals.of(kernel), tracker, node -> binding, PlanSettings.DEFAULT);
  }

  /** Half the lives bind VIPs by address. */
  private static VipBinding binding(long seed) {
    return seed % 2 == 0
        ? new VipBinding.ByAddress(Bench.DEVICE)
        : new VipBinding.ByRoute(Map.of());
  }

  void live(int steps) throws IOException {
    world.tell(tracker);
    replay(loop.syncOnce(true, now), "start");

    for (int step = 0; step < steps; step++) {
      String where = change(step);
      if (step % 2 == 0) {
        repair(where);
      }
    }
  }

  /** One change, where every fourth time commands are refused; what it was. */
  private String change(int step) throws IOException {
    String where = "seed " + seed + ", step " + step + ": " + world.change(tracker);
    refusals.arm(step % 4 == 1);
    SyncReport report = loop.syncOnce(false, now);
    refusals.arm(false);
    replay(report, where);
    if (!report.failures().isEmpty()) {
      where += ", refused " + report.failures();
      replay(loop.syncOnce(true, now), where);
    }
    equalsAFreshStart(where);
    return where;
  }

  private void repair(String before) throws IOException {
    String where = before + ", then " + faults.inflict();
    SyncReport repair = loop.syncOnce(true, now);
    assertThat(repair.failures()).as(where).isEmpty();
    replay(repair, where);
    equalsAFreshStart(where);
    assertThat(loop.syncOnce(true, now).done()).as(where + ", compared again").isEmpty();
  }

  private void replay(SyncReport report, String where) {
    List<Operation> refused = report.failures().stream().map(Failure::operation).toList();
    assertThat(safety.replay(report.done(), refused)).as(where).isEmpty();
  }

  private void equalsAFreshStart(String where) throws IOException {
    FakeKernel empty = new FakeKernel();
    empty.addDevice("eth0", nodeAddresses.toArray(String[]::new));
    Bench fresh = new Bench(empty, binding, PlanSettings.DEFAULT);
    world.tell(fresh.tracker);
    assertThat(fresh.fullSync().failures()).isEmpty();
    List<String> expected = KernelText.of(empty.gateways());
    List<String> there = KernelText.of(kernel);
    assertThat(without(expected, there)).as(where + ": missing").isEmpty();
    assertThat(without(there, expected)).as(where + ": too much").isEmpty();
  }

  private static List<String> without(List<String> lines, List<String> others) {
    List<String> rest = new ArrayList<>(lines);
    rest.removeAll(others);
    return rest;
  }
}
