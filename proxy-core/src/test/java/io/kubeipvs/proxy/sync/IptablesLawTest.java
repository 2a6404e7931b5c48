package io.kubeipvs.proxy.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.iptables.FakeIptables;
import io.kubeipvs.iptables.Family;
import io.kubeipvs.iptables.RuleDiffer;
import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.proxy.model.NodeAddresses;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.plan.DetectLocal;
import io.kubeipvs.proxy.plan.PlanContext;
import io.kubeipvs.proxy.plan.PlanSettings;
import io.kubeipvs.proxy.plan.RuleSettings;
import io.kubeipvs.proxy.plan.iptables.IptablesPlanner;
import io.kubeipvs.proxy.plan.iptables.IptablesSettings;
import io.kubeipvs.proxy.plan.iptables.ServiceRules;
import io.kubeipvs.proxy.state.ChangeTracker;
import io.kubeipvs.proxy.state.IptablesState;
import io.kubeipvs.proxy.state.RuleChange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The laws in iptables mode, over random lives of a cluster: what was reached change by change
 * equals what a proxy that starts now would make, and a comparison after that finds nothing. {@code
 * -Dkubeipvs.laws.steps=N} for longer.
 */
class IptablesLawTest {
  private static final int STEPS = Integer.getInteger("kubeipvs.laws.steps", 250);
  private static final IptablesSettings SETTINGS =
      new IptablesSettings(
          new RuleSettings(
              false, 14, new DetectLocal.Ranges(List.of(IpPrefix.of("10.1.0.0/16"))), true),
          true,
          true,
          List.of());

  /** One family's tables, and what they should hold. */
  private static final class Side {
    private final AddressFamily family;
    private final ChangeTracker tracker;
    private final FakeIptables iptables;
    private final IptablesState state;

    Side(AddressFamily family, ChangeTracker tracker) {
      this.family = family;
      this.tracker = tracker;
      this.iptables =
          new FakeIptables(family == AddressFamily.IPV4 ? Family.IPV4 : Family.IPV6).inChunksOf(20);
      this.state =
          new IptablesState(
              IptablesPlanner.constants(family, context(NodeInfo.named("node1")), SETTINGS));
    }

    /** Plans all and loads what the tables lack. */
    void load(NodeInfo node) throws Exception {
      state.put(plans(tracker.names(), node));
      iptables.restore(state.repair(iptables.save()));
    }

    RuleChange change(Collection<ServiceName> dirty, NodeInfo node) throws Exception {
      RuleChange change = state.put(plans(dirty, node));
      iptables.restore(change.restore());
      return change;
    }

    private List<ServiceRules> plans(Collection<ServiceName> names, NodeInfo node) {
      List<ServiceRules> plans = new ArrayList<>();
      for (ServiceName name : new TreeSet<>(names)) {
        ChangeTracker.Input input = tracker.input(name);
        plans.add(
            input
                .service()
                .map(
                    service ->
                        IptablesPlanner.plan(
                            service, family, input.slices(), context(node), SETTINGS))
                .orElse(ServiceRules.nothing(name)));
      }
      return plans;
    }

    private static PlanContext context(NodeInfo node) {
      List<IpAddress> own = List.of(IpAddress.of("10.0.2.15"), IpAddress.of("fd00:10::15"));
      return new PlanContext(node, NodeAddresses.choose(own, List.of()), PlanSettings.DEFAULT);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyStepEqualsAFreshStart(long seed) throws Exception {
    RandomWorld world = new RandomWorld(seed);
    ChangeTracker tracker = new ChangeTracker("node1");
    world.tell(tracker);
    List<Side> sides =
        List.of(new Side(AddressFamily.IPV4, tracker), new Side(AddressFamily.IPV6, tracker));
    NodeInfo node = tracker.take().node().orElseThrow();
    for (Side side : sides) {
      side.load(node);
    }
    for (int step = 0; step < STEPS; step++) {
      String change = world.change(tracker);
      ChangeTracker.Changes changes = tracker.take();
      Set<ServiceName> dirty = new TreeSet<>(changes.dirty());
      if (changes.node().isPresent()) {
        node = changes.node().get();
        dirty.addAll(tracker.names());
      }
      String where = "seed " + seed + ", step " + step + ": " + change;
      for (Side side : sides) {
        side.change(dirty, node);
        if (step % 5 == 0) {
          assertIsRight(side, node, where);
        }
      }
    }
  }

  private static void assertIsRight(Side side, NodeInfo node, String where) throws Exception {
    assertThat(side.state.repair(side.iptables.save()).text()).as(where).isEmpty();
    Side fresh = new Side(side.family, side.tracker);
    fresh.load(node);
    assertThat(lines(side.iptables.save())).as(where).isEqualTo(lines(fresh.iptables.save()));
    SavedRules cleaned = clean(fresh);
    assertThat(cleaned.ruleCount()).as(where).isEqualTo(side.family == AddressFamily.IPV4 ? 3 : 2);
  }

  /** What stays is what kubelet has as well. */
  private static SavedRules clean(Side side) throws Exception {
    side.iptables.restore(RuleDiffer.diff(side.state.wanted().removal(), side.iptables.save()));
    return side.iptables.save();
  }

  private static List<String> lines(SavedRules saved) {
    return saved.text().lines().sorted().toList();
  }
}
