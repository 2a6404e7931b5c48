package io.kubeipvs.proxy.cli;

import io.kubeipvs.netlink.KernelFile;
import io.kubeipvs.proxy.apply.InterfaceAddresses;
import io.kubeipvs.proxy.config.NodeIdentity;
import io.kubeipvs.proxy.inspect.Cluster;
import io.kubeipvs.proxy.inspect.DaemonClient;
import io.kubeipvs.proxy.inspect.DaemonState;
import io.kubeipvs.proxy.inspect.KernelReader;
import io.kubeipvs.proxy.inspect.KernelState;
import io.kubeipvs.proxy.inspect.Part;
import io.kubeipvs.proxy.inspect.Running;
import io.kubeipvs.proxy.inspect.Snapshot;
import io.kubeipvs.proxy.inspect.SnapshotFile;
import io.kubeipvs.proxy.inspect.SystemFiles;
import io.kubeipvs.proxy.inspect.ToolRules;
import io.kubeipvs.proxy.inspect.memory.DryRun;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.source.Source;
import io.kubeipvs.proxy.state.ChangeTracker;
import io.kubeipvs.proxy.sync.IptablesLoop;
import io.kubeipvs.proxy.sync.IptablesModeSettings;
import io.kubeipvs.proxy.sync.SyncListener;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where a command looks; see {@code docs/commands.md}. */
final class SnapshotOptions {
  /** Until a list of the whole cluster must be there. */
  private static final Duration LISTING = Duration.ofMinutes(2);

  private static final String IPTABLES = "--mode=iptables";

  @Spec(Spec.Target.MIXEE)
  CommandSpec command = CommandSpec.create();

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description = "look at what `dump` wrote there, not at this machine")
  @Nullable Path from;

  @Option(
      names = "--daemon",
      paramLabel = "ADDRESS[:PORT]",
      defaultValue = "127.0.0.1:10249",
      converter = ServerOptions.Metrics.class,
      description =
          "where a running daemon serves its metrics, to ask it for Services and settings (default:"
              + " ${DEFAULT-VALUE}). When --manifests, --kubeconfig, --master or --config say where"
              + " they are, it is asked only whether it fell back to iptables; these and all other"
              + " flags of `run` are taken, and go before the daemon's")
  BindAddress daemon = BindAddress.parse("127.0.0.1:10249", 10249);

  /**
   * Takes a look.
   *
   * @throws StartupException when there is nothing to look at; the message says what to do
   */
  Snapshot take(Set<KernelReader.Content> contents) throws StartupException {
    return take(contents, contents);
  }

  /** The same; what is looked at depends on the mode in force. */
  Snapshot take(Set<KernelReader.Content> ofIpvs, Set<KernelReader.Content> ofIptables)
      throws StartupException {
    List<String> flags = RunFlags.among(command.commandLine().getParseResult());
    Path file = from;
    if (file != null) {
      return ofFile(file, flags);
    }
    Snapshot asked = asked(flags);
    Set<KernelReader.Content> contents = isInIpvsMode(asked) ? ofIpvs : ofIptables;
    return asked.with(new KernelReader(new HostGates(), new SystemFiles()).read(contents));
  }

  private static Snapshot ofFile(Path file, List<String> flags) throws StartupException {
    try {
      Snapshot saved = SnapshotFile.read(file);
      List<String> merged = RunFlags.merged(saved.flags(), flags);
      return new Snapshot(
          saved.taken(),
          saved.program(),
          RunFlags.withoutPlaces(merged),
          RunFlags.hasPlaces(flags) ? listed(merged).cluster() : saved.cluster(),
          saved.running(),
          saved.kernel());
    } catch (IOException e) {
      throw new StartupException("--from: " + file + ": " + e.getMessage());
    }
  }

  /** What is asked for: all but the kernel. */
  Snapshot asked(List<String> flags) throws StartupException {
    if (RunFlags.hasPlaces(flags)) {
      return listedHere(flags);
    }
    InetSocketAddress address =
        daemon.address().orElseThrow(() -> new StartupException("--daemon: an address is missing"));
    try {
      DaemonState state = DaemonClient.ask(address);
      return snapshot(
          RunFlags.merged(state.flags(), flags),
          Part.of(state.cluster()),
          Part.of(state.running()));
    } catch (ConnectException e) {
      return withoutDaemon(address, flags);
    } catch (IOException e) {
      throw new StartupException("--daemon: " + text(address) + ": " + e.getMessage());
    }
  }

  /**
   * As {@link #listed}; where the daemon of this node fell back to iptables, in that mode too,
   * unless another one is named: what IPVS mode would do here is of no use.
   */
  private Snapshot listedHere(List<String> flags) throws StartupException {
    if (!RunFlags.hasMode(flags) && daemon.address().isPresent()) {
      try {
        Running running = DaemonClient.ask(daemon.address().get()).running();
        if (running.fallbackReason().isPresent()) {
          Snapshot listed = listed(RunFlags.merged(List.of(IPTABLES), flags));
          return snapshot(listed.flags(), listed.cluster(), Part.of(running));
        }
      } catch (IOException e) {
        return listed(flags); // no daemon, or none of ours
      }
    }
    return listed(flags);
  }

  private static String text(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  private static Snapshot withoutDaemon(InetSocketAddress address, List<String> flags)
      throws StartupException {
    if (System.getenv("KUBERNETES_SERVICE_HOST") != null) {
      return listed(flags);
    }
    return snapshot(
        flags,
        Part.missing(
            "no daemon answers at "
                + text(address)
                + " (--daemon), and neither --manifests DIR nor --kubeconfig FILE is given"),
        Part.missing("no daemon"));
  }

  private static Snapshot snapshot(
      List<String> flags, Part<Cluster> cluster, Part<Running> running) {
    return new Snapshot(
        Instant.now(),
        new Version().getVersion()[0],
        RunFlags.withoutPlaces(flags),
        cluster,
        running,
        KernelState.unknown("not read"));
  }

  /** Reads what the cluster asks for as the daemon would. */
  private static Snapshot listed(List<String> flags) throws StartupException {
    ProxyOptions options = RunFlags.parse(flags);
    String node = nodeName(options);
    ChangeTracker tracker = new ChangeTracker(node);
    try (Source source = Sources.choose(options, node).source().apply(tracker)) {
      source.start();
      if (!tracker.awaitListed(LISTING)) {
        throw new StartupException("no full list of Services within " + LISTING.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartupException("interrupted");
    }
    String origin = options.manifests == null ? "Kubernetes API" : "directory " + options.manifests;
    return snapshot(
        options.flags(), Part.of(Cluster.of(tracker, origin)), Part.missing("no daemon asked"));
  }

  static String nodeName(ProxyOptions options) throws StartupException {
    try {
      String host = KernelFile.read(Path.of("/proc/sys/kernel/hostname"));
      return NodeIdentity.name(options.hostnameOverride, host);
    } catch (IOException e) {
      throw new StartupException("the name of this node is unreadable: " + e.getMessage());
    }
  }

  /** What a daemon that such a snapshot is of would do. */
  static DryRun dryRun(Snapshot snapshot) throws StartupException {
    ProxyOptions options = RunFlags.parse(snapshot.flags());
    boolean ipvs = options.mode == ProxyOptions.Mode.ipvs;
    return dryRun(snapshot, ipvs ? ipvs(snapshot, options) : iptables(snapshot, options));
  }

  static boolean isInIpvsMode(Snapshot snapshot) throws StartupException {
    return RunFlags.parse(snapshot.flags()).mode == ProxyOptions.Mode.ipvs;
  }

  /** What it would do in IPVS mode, whatever its mode is; the rules of another one do not count. */
  static DryRun ipvsDryRun(Snapshot snapshot) throws StartupException {
    Snapshot seen =
        isInIpvsMode(snapshot) ? snapshot : snapshot.with(snapshot.kernel().withoutRules());
    return dryRun(seen, ipvs(snapshot, RunFlags.parse(snapshot.flags())));
  }

  private static DryRun dryRun(Snapshot snapshot, DryRun.Loop loop) {
    return new DryRun(snapshot, node(snapshot).name(), loop, Wiring.DEVICE);
  }

  private static DryRun.Loop ipvs(Snapshot snapshot, ProxyOptions options) {
    return DryRun.ipvs(
        kernel -> Wiring.settings(options, kernel, node(snapshot), isRandomFully(snapshot)),
        Wiring.DEVICE);
  }

  private static DryRun.Loop iptables(Snapshot snapshot, ProxyOptions options) {
    return (kernel, tracker) ->
        new IptablesLoop(
            tracker,
            kernel,
            new InterfaceAddresses(kernel.routes(), Wiring.DEVICE),
            iptablesSettings(snapshot, options),
            Wiring.retreat(options, kernel),
            OptionalLong::empty,
            SyncListener.NONE);
  }

  /** On a kernel as that of the snapshot. */
  private static IptablesModeSettings iptablesSettings(Snapshot snapshot, ProxyOptions options) {
    IptablesModeSettings here =
        Wiring.iptablesSettings(options, node(snapshot), isRandomFully(snapshot));
    String liberal =
        snapshot.kernel().sysctls().getOrDefault("net/netfilter/nf_conntrack_tcp_be_liberal", "0");
    return new IptablesModeSettings(
        here.initialNode(),
        here.rules(),
        here.localhostNodePorts(),
        liberal.equals("0"),
        here.nodePortRanges(),
        here.nodePortsOnPrimary());
  }

  private static NodeInfo node(Snapshot snapshot) {
    return NodeInfo.named(snapshot.cluster().map(Cluster::nodeName).orElse(""));
  }

  private static boolean isRandomFully(Snapshot snapshot) {
    return snapshot.kernel().rules().value().stream()
        .flatMap(List::stream)
        .allMatch(ToolRules::randomFully);
  }
}
