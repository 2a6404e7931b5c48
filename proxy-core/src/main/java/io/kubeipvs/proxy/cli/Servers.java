package io.kubeipvs.proxy.cli;

import io.kubeipvs.ipset.IpSets;
import io.kubeipvs.ipset.netlink.NetlinkIpSets;
import io.kubeipvs.ipvs.Ipvs;
import io.kubeipvs.ipvs.netlink.NetlinkIpvs;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.proxy.apply.NoIpSets;
import io.kubeipvs.proxy.apply.NoIpvs;
import io.kubeipvs.proxy.apply.RuleFigures;
import io.kubeipvs.proxy.config.ModeInForce;
import io.kubeipvs.proxy.config.ProxyMode;
import io.kubeipvs.proxy.event.Event;
import io.kubeipvs.proxy.event.EventLimiter;
import io.kubeipvs.proxy.event.EventSink;
import io.kubeipvs.proxy.event.ObjectReference;
import io.kubeipvs.proxy.event.SyncEvents;
import io.kubeipvs.proxy.health.HealthCheck;
import io.kubeipvs.proxy.health.HealthCheckPorts;
import io.kubeipvs.proxy.health.HealthChecks;
import io.kubeipvs.proxy.health.HealthPages;
import io.kubeipvs.proxy.health.ProxyHealth;
import io.kubeipvs.proxy.history.FlightRecorder;
import io.kubeipvs.proxy.history.History;
import io.kubeipvs.proxy.history.HistoryPage;
import io.kubeipvs.proxy.http.HttpAnswer;
import io.kubeipvs.proxy.http.HttpHandler;
import io.kubeipvs.proxy.http.HttpLimits;
import io.kubeipvs.proxy.http.HttpPaths;
import io.kubeipvs.proxy.http.HttpServers;
import io.kubeipvs.proxy.inspect.DaemonPage;
import io.kubeipvs.proxy.inspect.DaemonState;
import io.kubeipvs.proxy.metrics.ApiFigures;
import io.kubeipvs.proxy.metrics.KernelFigures;
import io.kubeipvs.proxy.metrics.MetricsPage;
import io.kubeipvs.proxy.metrics.NetlinkCounters;
import io.kubeipvs.proxy.metrics.ProxyMetrics;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.state.ChangeTracker;
import io.kubeipvs.proxy.status.Facts;
import io.kubeipvs.proxy.status.StatePage;
import io.kubeipvs.proxy.status.StatusPage;
import io.kubeipvs.proxy.sync.RepeatLimit;
import io.kubeipvs.proxy.sync.SyncListener;
import io.kubeipvs.proxy.sync.SyncStatus;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What is served beside the loop: health, health-check node ports, metrics. Everything about them
 * is done on a thread of their own, the loading of their classes too, so that they cost the first
 * sync nothing; only what the loop itself reports is noted on its thread.
 */
final class Servers implements Closeable {
  private static final Logger LOG = LogManager.getLogger("io.kubeipvs");
  private static final Duration HEAD_START = Duration.ofSeconds(1);
  private static final Duration BIND_RETRY = Duration.ofSeconds(5);
  private static final Duration TRIM_DELAY = Duration.ofSeconds(2);
  private static final int HISTORY_ENTRIES = 500;
  private static final int HISTORY_BYTES = 1 << 20;

  private final ServerOptions options;
  private final Parts parts;
  private final Consumer<String> fatal;
  private final EventSink events;
  private final ProxyHealth health;
  private final HealthChecks healthChecks;
  private final ProxyMetrics metrics;
  private final History history = new History(HISTORY_ENTRIES, HISTORY_BYTES, Instant.now());
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(1, Servers::thread);
  private final Map<String, Integer> ports = new ConcurrentHashMap<>();
  private final RepeatLimit kernelTrouble = new RepeatLimit();
  private @Nullable HttpServers http;
  private @Nullable KernelFigures kernel;
  private @Nullable HealthCheckPorts healthCheckPorts;

  /**
   * What the servers show.
   *
   * @param mode how Services are served
   * @param patience how long a change may wait before the proxy is unhealthy
   * @param nodePortAddress which of the node's addresses serve node ports now
   * @param rules figures of iptables mode
   * @param configuration what is in force, as JSON
   * @param state for the commands of this program
   */
  record Parts(
      String nodeName,
      ModeInForce mode,
      Set<AddressFamily> families,
      ChangeTracker tracker,
      Duration patience,
      Predicate<IpAddress> nodePortAddress,
      Supplier<SyncStatus> status,
      Supplier<Map<AddressFamily, RuleFigures>> rules,
      NetlinkCounters netlink,
      Supplier<String> configuration,
      Supplier<DaemonState> state) {}

  /**
   * @param fatal is told why, once, when the process must end
   */
  Servers(ServerOptions options, Parts parts, EventSink events, Consumer<String> fatal) {
    this.options = options;
    this.parts = parts;
    this.fatal = fatal;
    EventLimiter limiter = new EventLimiter(events, InstantSource.system());
    this.events = limiter;
    this.health = new ProxyHealth(parts.tracker(), parts.patience(), InstantSource.system());
    this.healthChecks = new HealthChecks(parts.nodeName(), checks -> later(() -> sync(checks)));
    this.metrics =
        new ProxyMetrics(
            this::later,
            parts.status(),
            parts.tracker(),
            parts.families(),
            parts.netlink(),
            limiter::dropped,
            history,
            InstantSource.system());
    metrics.mode(parts.mode(), parts.rules());
  }

  private static Thread thread(Runnable task) {
    Thread made = new Thread(task, "servers");
    made.setDaemon(true);
    return made;
  }

  /** In the metrics; to be called before {@link #start}. */
  void show(ApiFigures api) {
    metrics.api(api);
  }

  /** Where it listens by now, by the server's name. */
  Map<String, Integer> listening() {
    return Map.copyOf(ports);
  }

  /** What the loop has to tell. */
  SyncListener listener() {
    SyncEvents syncEvents =
        new SyncEvents(parts.nodeName(), event -> later(() -> events.emit(event)));
    FlightRecorder recorder = new FlightRecorder(history, this::later, InstantSource.system());
    HeapTrim heap = new HeapTrim(task -> in(TRIM_DELAY, task), System::gc);
    return SyncListener.of(List.of(health, healthChecks, syncEvents, metrics, recorder, heap));
  }

  void start() {
    health.began();
    later(this::letTheFirstSyncBegin);
    later(this::open);
  }

  /** On one core, loading the servers' classes would else delay it. */
  private void letTheFirstSyncBegin() {
    try {
      parts.tracker().awaitListed(HEAD_START);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void open() {
    events.emit(aboutNode(Event.Type.Normal, "Starting", ""));
    parts
        .mode()
        .fallbackReason()
        .ifPresent(
            reason -> events.emit(aboutNode(Event.Type.Warning, "FallbackToIptables", reason)));
    http = HttpServers.start(HttpLimits.DEFAULT);
    healthCheckPorts =
        new HealthCheckPorts(
            http,
            parts.nodeName(),
            this::servesNodePorts,
            () -> health.verdict().healthy(),
            events);
    HealthPages pages = new HealthPages(health, parts.families(), metrics::answered);
    options
        .healthz
        .address()
        .ifPresent(
            address ->
                bind("healthz", "FailedToStartProxierHealthcheck", address, pages.handler()));
    options
        .metrics
        .address()
        .ifPresent(
            address -> bind("metrics", "FailedToStartMetricServer", address, metricsPages()));
  }

  private HttpHandler metricsPages() {
    return new HttpPaths(
        Map.of(
            "/metrics",
            new MetricsPage(metrics, this::kernel, this::later),
            "/healthz",
            question -> HttpHandler.now(HttpAnswer.text("ok")),
            "/healthz/ping",
            question -> HttpHandler.now(HttpAnswer.text("ok")),
            HistoryPage.PATH,
            new HistoryPage(history),
            StatePage.PATH,
            new StatePage(facts(), this::openIpvs, thread),
            "/",
            new StatusPage(),
            "/proxyMode",
            question -> HttpHandler.now(HttpAnswer.text(parts.mode().mode().toString())),
            "/configz",
            question -> HttpHandler.now(HttpAnswer.json(200, parts.configuration().get())),
            DaemonPage.PATH,
            new DaemonPage(parts.state())));
  }

  private Facts facts() {
    String version = Servers.class.getPackage().getImplementationVersion();
    return new Facts(
        parts.nodeName(),
        version == null ? "(development)" : version,
        parts.mode(),
        parts.status(),
        health::verdict,
        parts.tracker());
  }

  /** Opened when it is first asked for: many nodes are never scraped. */
  private @Nullable KernelFigures kernel() {
    if (kernel == null) {
      try {
        Ipvs ipvs = openIpvs();
        kernel =
            new KernelFigures(
                ipvs,
                openSets(ipvs),
                parts.tracker()::services,
                options.detailLimit,
                Set.copyOf(options.metricNames));
      } catch (IOException e) {
        kernelTrouble
            .of("metrics: the kernel's figures are left out: " + e.getMessage(), System.nanoTime())
            .ifPresent(LOG::warn);
      }
    }
    return kernel;
  }

  private IpSets openSets(Ipvs ipvs) throws IOException {
    try {
      return hasIpvs() ? NetlinkIpSets.open(NetlinkTrace.NONE) : new NoIpSets();
    } catch (IOException e) {
      ipvs.close();
      throw e;
    }
  }

  private Ipvs openIpvs() throws IOException {
    return hasIpvs() ? NetlinkIpvs.open(NetlinkTrace.NONE) : new NoIpvs();
  }

  private boolean hasIpvs() {
    return parts.mode().mode() == ProxyMode.IPVS;
  }

  /** Tries until it works, or once. */
  private void bind(String name, String reason, InetSocketAddress address, HttpHandler handler) {
    bind(name, reason, address, handler, new RepeatLimit());
  }

  private void bind(
      String name,
      String reason,
      InetSocketAddress address,
      HttpHandler handler,
      RepeatLimit trouble) {
    try {
      HttpServers.Listening server = http().listen(address, handler);
      LOG.info("{}: listening on port {}", name, server.port());
      ports.put(name, server.port());
    } catch (IOException e) {
      String note = "failed to start " + name + ": " + e.getMessage();
      trouble.of(note, System.nanoTime()).ifPresent(LOG::error);
      events.emit(aboutNode(Event.Type.Warning, reason, note));
      if (options.hardFail) {
        fatal.accept(note);
      } else {
        in(BIND_RETRY, () -> bind(name, reason, address, handler, trouble));
      }
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the task reports its own failures
  private void in(Duration delay, Runnable task) {
    thread.schedule(guarded(task), delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Event aboutNode(Event.Type type, String reason, String note) {
    return new Event(ObjectReference.node(parts.nodeName()), type, reason, "StartKubeProxy", note);
  }

  private boolean servesNodePorts(InetAddress address) {
    return parts.nodePortAddress().test(IpAddress.ofBytes(address.getAddress()));
  }

  /** On the servers' thread; in order, and after {@link #open}. */
  private void later(Runnable task) {
    thread.execute(guarded(task));
  }

  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        LOG.error("a defect of kube-ipvs, in its servers", e);
      } catch (Error e) { // the executor would keep it to itself
        Thread current = Thread.currentThread();
        current.getUncaughtExceptionHandler().uncaughtException(current, e);
        throw e;
      }
    };
  }

  private HttpServers http() {
    if (http == null) {
      throw new IllegalStateException("not open yet");
    }
    return http;
  }

  /** A single sync ({@code run --once}) opens no port. */
  private void sync(Map<ServiceName, HealthCheck> checks) {
    if (healthCheckPorts != null) {
      healthCheckPorts.sync(checks);
    }
  }

  /** Stops listening: whoever asks from now on is refused, which is the truth. */
  @Override
  public void close() {
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    later(
        () -> {
          if (http != null) {
            http.close();
          }
        });
    thread.shutdown();
    try {
      thread.awaitTermination(2, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
