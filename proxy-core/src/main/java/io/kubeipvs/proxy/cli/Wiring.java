package io.kubeipvs.proxy.cli;

import io.kubeipvs.ipset.SetSpec;
import io.kubeipvs.iptables.RuleSet;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.KernelFile;
import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.proxy.apply.Executor;
import io.kubeipvs.proxy.apply.InterfaceAddresses;
import io.kubeipvs.proxy.apply.Kernel;
import io.kubeipvs.proxy.apply.KernelObserver;
import io.kubeipvs.proxy.apply.NodeAddressWatch;
import io.kubeipvs.proxy.apply.RuleFigures;
import io.kubeipvs.proxy.apply.TableWatch;
import io.kubeipvs.proxy.config.ModeInForce;
import io.kubeipvs.proxy.config.NodeIdentity;
import io.kubeipvs.proxy.diff.DiffSettings;
import io.kubeipvs.proxy.diff.Ground;
import io.kubeipvs.proxy.diff.ModeRemains;
import io.kubeipvs.proxy.diff.VipBinding;
import io.kubeipvs.proxy.inspect.Cluster;
import io.kubeipvs.proxy.inspect.DaemonState;
import io.kubeipvs.proxy.inspect.Running;
import io.kubeipvs.proxy.metrics.NetlinkCounters;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.SchedulerChoice;
import io.kubeipvs.proxy.plan.PlanSettings;
import io.kubeipvs.proxy.plan.RuleSettings;
import io.kubeipvs.proxy.plan.ipvs.KubeSets;
import io.kubeipvs.proxy.plan.ipvs.RulePlanner;
import io.kubeipvs.proxy.source.Source;
import io.kubeipvs.proxy.state.ChangeTracker;
import io.kubeipvs.proxy.sync.Disturbance;
import io.kubeipvs.proxy.sync.IptablesLoop;
import io.kubeipvs.proxy.sync.IptablesModeSettings;
import io.kubeipvs.proxy.sync.IpvsRetreat;
import io.kubeipvs.proxy.sync.RepeatLimit;
import io.kubeipvs.proxy.sync.SyncListener;
import io.kubeipvs.proxy.sync.SyncLoop;
import io.kubeipvs.proxy.sync.SyncReport;
import io.kubeipvs.proxy.sync.SyncRunner;
import io.kubeipvs.proxy.sync.SyncSchedule;
import io.kubeipvs.proxy.sync.SyncSettings;
import io.kubeipvs.proxy.sync.SyncStatus;
import io.kubeipvs.proxy.sync.Syncer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** Puts the parts together: plain constructors, in the order the data flows. */
final class Wiring implements Closeable {
  /** Calico's Felix and others look for a device of this name to tell that IPVS is in use. */
  static final String DEVICE = "kube-ipvs0";

  /** After a failure that may last. */
  private static final Duration WATCH_PAUSE = Duration.ofSeconds(10);

  private static final Logger LOG = LogManager.getLogger("io.kubeipvs");

  private final Kernel kernel;
  private final ChangeTracker tracker;
  private final Source source;
  private final NodeAddressWatch addresses;
  private final Syncer loop;
  private final TableWatch tables;
  private final SyncRunner runner;
  private final Servers servers;
  private volatile boolean stopping;
  private volatile @Nullable String fault;

  private Wiring(
      ProxyOptions options,
      ServerOptions serverOptions,
      OpenKernel open,
      NetlinkCounters netlink,
      NodeInfo node,
      boolean randomFully,
      Sources sources)
      throws IOException {
    this.kernel = open.kernel();
    this.tracker = new ChangeTracker(node.name());
    SyncSchedule schedule = options.schedule(open.mode().mode());
    this.servers =
        new Servers(
            serverOptions,
            parts(options, open, schedule, netlink),
            sources.events(),
            this::failWith);
    sources.figures().ifPresent(servers::show);
    SyncListener listener =
        SyncListener.of(
            List.of(new PrimaryFamily(open.mode(), this::failWith), servers.listener()));
    this.tables = TableWatch.open(NetlinkTrace.NONE, kernel.iptables().keySet());
    this.loop =
        switch (open.mode().mode()) {
          case IPVS ->
              new SyncLoop(
                  tracker,
                  new KernelObserver(kernel, DEVICE),
                  new Executor(kernel),
                  settings(options, kernel, node, randomFully),
                  listener);
          case IPTABLES ->
              new IptablesLoop(
                  tracker,
                  kernel,
                  new InterfaceAddresses(kernel.routes(), DEVICE),
                  iptablesSettings(options, node, randomFully),
                  retreat(options, kernel),
                  tables::generation,
                  listener);
        };
    this.runner =
        new SyncRunner(
            loop, tracker, schedule, Clock.systemUTC(), listener, new Disturbance(sights(tables)));
    this.addresses = NodeAddressWatch.open(DEVICE, NetlinkTrace.NONE);
    this.source = sources.source().apply(tracker);
    this.source.start();
  }

  private static Disturbance.Sights sights(TableWatch tables) {
    return new Disturbance.Sights() {
      @Override
      public TableWatch.Sight look() throws IOException {
        return tables.look();
      }

      @Override
      public boolean leadsToUs() throws IOException {
        return tables.leadsToUs();
      }
    };
  }

  private Servers.Parts parts(
      ProxyOptions options, OpenKernel open, SyncSchedule schedule, NetlinkCounters netlink) {
    boolean anywhere = options.nodePortAddresses.isEmpty();
    return new Servers.Parts(
        tracker.nodeName(),
        open.mode(),
        open.kernel().iptables().keySet(),
        tracker,
        schedule.period().multipliedBy(2),
        address -> anywhere || loop.addresses().nodePorts().contains(address),
        () -> loop.status(),
        this::ruleFigures,
        netlink,
        () -> ConfigurationText.of(options),
        () -> state(options, open.mode()));
  }

  /** What this daemon knows, for the commands that look at it. */
  private DaemonState state(ProxyOptions options, ModeInForce inForce) {
    String origin = options.manifests == null ? "Kubernetes API" : "directory " + options.manifests;
    return new DaemonState(
        new Version().getVersion()[0],
        RunFlags.merged(options.flags(), List.of("--mode=" + inForce.mode())),
        Cluster.of(tracker, origin),
        new Running(
            loop.drainDeadlines().entrySet().stream()
                .map(drain -> new Running.Drain(drain.getKey(), drain.getValue()))
                .toList(),
            List.copyOf(loop.refusedSchedulers()),
            inForce.fallbackReason()));
  }

  static Wiring of(ProxyOptions options, ServerOptions serverOptions)
      throws IOException, StartupException {
    Preflight.checkFlags(options);
    String hostName = KernelFile.read(Path.of("/proc/sys/kernel/hostname"));
    String name = NodeIdentity.name(options.hostnameOverride, hostName);
    Sources sources = Sources.choose(options, name);
    Tools tools = Tools.open();
    NetlinkCounters netlink = new NetlinkCounters(Tracing.open(options.netlinkTrace));
    OpenKernel open = OpenKernel.open(options, netlink, tools);
    try {
      LOG.info("node {}, mode {}", name, open.mode().mode());
      return new Wiring(
          options,
          serverOptions,
          open,
          netlink,
          NodeInfo.named(name),
          tools.randomFully(),
          sources);
    } catch (IOException e) {
      open.kernel().close();
      throw e;
    }
  }

  /** {@code --init-only}: all that needs privileges a container may not have later. */
  static void prepare(ProxyOptions options) throws IOException, StartupException {
    Preflight.checkFlags(options);
    OpenKernel.open(options, Tracing.open(options.netlinkTrace), Tools.open()).kernel().close();
  }

  static SyncSettings settings(
      ProxyOptions options, Kernel kernel, NodeInfo node, boolean randomFully) {
    Scheduler scheduler =
        options.scheduler.isEmpty() ? Scheduler.ROUND_ROBIN : new Scheduler(options.scheduler);
    PlanSettings plan =
        new PlanSettings(
            SchedulerChoice.of(scheduler), Optional.ofNullable(options.drainTimeout), Set.of());
    return new SyncSettings(
        node,
        kernel.iptables().keySet(),
        plan,
        known -> ground(kernel.iptables().keySet(), options.ruleSettings(known, randomFully)),
        known -> diffSettings(options, known),
        options.nodePortRanges(),
        options.nodePortsOnPrimary());
  }

  static IptablesModeSettings iptablesSettings(
      ProxyOptions options, NodeInfo node, boolean randomFully) {
    return new IptablesModeSettings(
        node,
        known -> options.ruleSettings(known, randomFully),
        options.localhostNodePorts,
        !Preflight.isConntrackLiberal(),
        options.nodePortRanges(),
        options.nodePortsOnPrimary());
  }

  static IpvsRetreat retreat(ProxyOptions options, Kernel kernel) {
    return new IpvsRetreat(
        kernel,
        new DiffSettings(new VipBinding.ByRoute(Map.of()), DEVICE, false, options.excludeCidrs),
        Optional.ofNullable(options.drainTimeout),
        kernel.iptables().keySet());
  }

  /** None in IPVS mode. */
  private Map<AddressFamily, RuleFigures> ruleFigures() {
    return loop instanceof IptablesLoop iptables ? iptables.figures() : Map.of();
  }

  private static DiffSettings diffSettings(ProxyOptions options, NodeInfo node) {
    return new DiffSettings(
        options.binding == ProxyOptions.Binding.address
            ? new VipBinding.ByAddress(DEVICE)
            : byRoute(node),
        DEVICE,
        options.foreignServices == ProxyOptions.ForeignServices.delete,
        options.excludeCidrs);
  }

  private static VipBinding byRoute(NodeInfo node) {
    Map<AddressFamily, IpAddress> sources = new EnumMap<>(AddressFamily.class);
    for (AddressFamily family : AddressFamily.values()) {
      node.address(family).ifPresent(address -> sources.put(family, address));
    }
    return new VipBinding.ByRoute(sources);
  }

  private static Ground ground(Set<AddressFamily> families, RuleSettings rules) {
    Map<AddressFamily, RuleSet> ruleSets = new EnumMap<>(AddressFamily.class);
    List<SetSpec> sets = new ArrayList<>();
    for (AddressFamily family : families) {
      RuleSet own = RulePlanner.plan(family, rules);
      ruleSets.put(family, own.withObsolete(own.obsolete().and(ModeRemains.ofIptables(family))));
      sets.addAll(KubeSets.of(family));
    }
    return new Ground(sets, ruleSets, DEVICE);
  }

  /** Everything we may ever have made, in either mode. */
  static Ground groundForCleanUp(Set<AddressFamily> families) {
    Map<AddressFamily, RuleSet> rules = new EnumMap<>(AddressFamily.class);
    families.forEach(family -> rules.put(family, ModeRemains.ofBoth(family)));
    return new Ground(List.copyOf(KubeSets.ALL.values()), rules, DEVICE);
  }

  static DiffSettings cleanUp() {
    return new DiffSettings(new VipBinding.ByRoute(Map.of()), DEVICE, false, List.of());
  }

  /** One sync, when everything has been listed. */
  SyncReport syncOnce() throws IOException, InterruptedException, StartupException {
    while (!tracker.awaitListed(Duration.ofSeconds(10))) {
      LOG.info("waiting for the first full list");
    }
    SyncReport report = runner.once();
    endIfFaulty();
    return report;
  }

  private void endIfFaulty() throws StartupException {
    String why = fault;
    if (why != null) {
      throw new StartupException(why);
    }
  }

  /**
   * Serves until {@link #stop} is called.
   *
   * @throws StartupException when it ended because it cannot go on
   */
  void serve() throws StartupException {
    servers.start();
    Thread watch = new Thread(this::watchAddresses, "address-watch");
    watch.setDaemon(true);
    watch.start();
    runner.run();
    endIfFaulty();
  }

  private void failWith(String reason) {
    fault = reason;
    stop();
  }

  /** Node ports are served on the addresses the node has now. */
  private void watchAddresses() {
    RepeatLimit trouble = new RepeatLimit();
    while (!stopping) {
      try {
        if (addresses.await(Duration.ofSeconds(1))) {
          runner.lookAgain();
        }
      } catch (IOException | RuntimeException e) { // a defect of ours must not end the watch
        if (stopping) {
          return;
        }
        trouble
            .of(
                "changes of the node's addresses may be noticed late: " + e.getMessage(),
                System.nanoTime())
            .ifPresent(LOG::warn);
        runner.lookAgain();
        LockSupport.parkNanos(WATCH_PAUSE.toNanos());
      }
    }
  }

  void stop() {
    stopping = true;
    runner.stop();
  }

  SyncStatus status() {
    return loop.status();
  }

  @Override
  public void close() throws IOException {
    stop();
    servers.close();
    source.close();
    addresses.close();
    tables.close();
    kernel.close();
  }
}
