package io.kubeipvs.proxy.cli;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.netlink.route.NetlinkRoutes;
import io.kubeipvs.proxy.apply.Executor;
import io.kubeipvs.proxy.apply.Kernel;
import io.kubeipvs.proxy.apply.KernelObserver;
import io.kubeipvs.proxy.config.ModeInForce;
import io.kubeipvs.proxy.inspect.Cluster;
import io.kubeipvs.proxy.inspect.DaemonPage;
import io.kubeipvs.proxy.inspect.DaemonState;
import io.kubeipvs.proxy.inspect.Running;
import io.kubeipvs.proxy.metrics.NetlinkCounters;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.source.ManifestSource;
import io.kubeipvs.proxy.source.kubernetes.ApiRehearsal;
import io.kubeipvs.proxy.state.ChangeTracker;
import io.kubeipvs.proxy.sync.SyncLoop;
import io.kubeipvs.proxy.sync.SyncReport;
import io.kubeipvs.proxy.sync.SyncRunner;
import io.kubeipvs.proxy.sync.SyncSchedule;
import io.kubeipvs.proxy.sync.SyncStatus;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code kube-ipvs rehearse}: a whole sync, with a kernel that agrees to everything, so that it
 * runs on any machine and changes nothing on it. The Java virtual machine keeps what it has seen
 * here for its starts in earnest (the archive of classes beside the jars); and each of our classes
 * is loaded, because those that talk to the kernel have nothing to do here.
 */
@Command(name = "rehearse", hidden = true)
final class RehearseCommand implements Callable<Integer> {
  private static final Pattern OURS =
      Pattern.compile("(netlink-ipvs|ipset|iptables-fallback|proxy-core)-.*\\.jar");

  private static final int SERVER_POLLS = 1000;

  @Mixin ProxyOptions options = new ProxyOptions();
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, InterruptedException, ClassNotFoundException {
    int classes = loadOurClasses();
    readTheNodesAddresses();
    ApiRehearsal.run();
    SyncReport report = sync();
    spec.commandLine()
        .getOut()
        .printf(
            "rehearsed: %d classes, %d operations, %d failed%n",
            classes, report.done().size(), report.failures().size());
    return report.failures().isEmpty() ? 0 : 1;
  }

  private static int loadOurClasses() throws IOException, ClassNotFoundException {
    int loaded = 0;
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (OURS.matcher(String.valueOf(Path.of(entry).getFileName())).matches()) {
        loaded += loadAll(Path.of(entry));
      }
    }
    return loaded;
  }

  private static int loadAll(Path jar) throws IOException, ClassNotFoundException {
    try (JarFile file = new JarFile(jar.toFile())) {
      List<String> names =
          file.stream()
              .map(JarEntry::getName)
              .filter(name -> name.endsWith(".class") && !name.contains("package-info"))
              .map(name -> name.substring(0, name.length() - 6).replace('/', '.'))
              .toList();
      for (String name : names) {
        Class.forName(name);
      }
      return names.size();
    }
  }

  /** The one conversation with a kernel that needs no right and leaves no trace. */
  private static void readTheNodesAddresses() throws IOException {
    try (NetlinkRoutes routes = NetlinkRoutes.open(NetlinkTrace.NONE)) {
      for (AddressFamily family : AddressFamily.values()) {
        routes.addresses(family);
      }
    }
  }

  private SyncReport sync() throws IOException, InterruptedException {
    Path manifests = Objects.requireNonNull(options.manifests, "--manifests");
    NodeInfo node = NodeInfo.named("rehearsal");
    ChangeTracker tracker = new ChangeTracker(node.name());
    try (Kernel kernel = AgreeingKernel.open();
        Servers servers = servers(kernel, tracker);
        ManifestSource source = new ManifestSource(manifests, tracker)) {
      servers.start();
      source.start();
      SyncLoop loop =
          new SyncLoop(
              tracker,
              new KernelObserver(kernel, Wiring.DEVICE),
              new Executor(kernel),
              Wiring.settings(options, kernel, node, true),
              servers.listener());
      while (!tracker.awaitListed(Duration.ofSeconds(10))) {
        // The directory is there: it will be read.
      }
      SyncSchedule schedule = SyncSchedule.of(options.minimumSyncPeriod, options.syncPeriod);
      SyncRunner runner =
          new SyncRunner(loop, tracker, schedule, Clock.systemUTC(), servers.listener());
      SyncReport report = runner.once();
      askForEverything(servers);
      return report;
    }
  }

  private Servers servers(Kernel kernel, ChangeTracker tracker) {
    ServerOptions anyPort = new ServerOptions();
    InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    anyPort.healthz = new BindAddress(Optional.of(loopback));
    anyPort.metrics = anyPort.healthz;
    Servers.Parts parts =
        new Servers.Parts(
            tracker.nodeName(),
            ModeInForce.IPVS,
            kernel.iptables().keySet(),
            tracker,
            options.syncPeriod,
            address -> true,
            () -> SyncStatus.NEVER,
            Map::of,
            new NetlinkCounters(NetlinkTrace.NONE),
            () -> ConfigurationText.of(options),
            () ->
                new DaemonState(
                    "", options.flags(), Cluster.of(tracker, "rehearsal"), Running.NOTHING));
    return new Servers(anyPort, parts, event -> {}, reason -> {});
  }

  private static void askForEverything(Servers servers) throws IOException, InterruptedException {
    for (int i = 0; i < SERVER_POLLS && servers.listening().size() < 2; i++) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    ask(servers.listening().get("healthz"), "/livez");
    ask(servers.listening().get("metrics"), "/metrics");
    ask(servers.listening().get("metrics"), DaemonPage.PATH);
  }

  private static void ask(@Nullable Integer port, String path) throws IOException {
    if (port != null) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        String request = "GET " + path + " HTTP/1.0\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        socket.getInputStream().readAllBytes();
      }
    }
  }
}
