package io.kubeipvs.proxy.sync;

import static io.kubeipvs.proxy.Objects.OLD;
import static io.kubeipvs.proxy.Objects.service;
import static io.kubeipvs.proxy.Objects.slice;

import io.kubeipvs.ipset.SetHeader;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.ipset.SetSpec;
import io.kubeipvs.iptables.RuleSet;
import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
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
import java.util.TreeMap;
import java.util.function.Function;

/** A loop on a kernel in memory, with a clock that stands still until it is told. */
public final class Bench {
  public static final String DEVICE = "kube-ipvs0";

  static final IpAddress VIP = IpAddress.of("10.96.0.10");

  /** The Service that {@link #web} makes. */
  public static final ServiceKey WEB = ServiceKey.of(Protocol.TCP, VIP, 80);

  /** The Service that {@link #dns} makes, at the same address. */
  static final ServiceKey DNS = ServiceKey.of(Protocol.UDP, VIP, 80);

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

  /** Another daemon on the same kernel, that has seen nothing of the cluster yet. */
  Bench restarted() {
    Bench next = new Bench(kernel, new VipBinding.ByRoute(Map.of()), PlanSettings.DEFAULT);
    next.now = now;
    return next;
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

  /** The cluster has a Service {@code web}, with these servers and no others; all is listed. */
  public void web(String... servers) {
    serve("web", Protocol.TCP, servers);
  }

  /** As {@link #web}, by UDP. */
  void dns(String... servers) {
    serve("dns", Protocol.UDP, servers);
  }

  private void serve(String name, Protocol protocol, String... servers) {
    tracker.service(service(name, OLD, protocol, VIP.toString()));
    tracker.slice(slice(name, protocol, servers));
    tracker.listed();
  }

  void connections(ServiceKey key, String server, int active, int inactive) {
    kernel.ipvs.setConnections(key, new ServerKey(IpAddress.of(server), 8080), active, inactive);
  }

  /** The kernel's servers of a service, with their weights. */
  Map<String, Integer> servers(ServiceKey key) {
    Map<String, Integer> weights = new TreeMap<>();
    for (ObservedServer observed : kernel.ipvs.servers(key)) {
      weights.put(observed.server().key().toString(), observed.server().weight());
    }
    return weights;
  }

  SetHeader header(SetName set) {
    try {
      return kernel.sets.list(set).orElseThrow().header();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
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
