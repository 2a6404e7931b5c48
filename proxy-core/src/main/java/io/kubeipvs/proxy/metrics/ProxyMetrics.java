package io.kubeipvs.proxy.metrics;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.apply.RuleFigures;
import io.kubeipvs.proxy.config.ModeInForce;
import io.kubeipvs.proxy.config.ProxyMode;
import io.kubeipvs.proxy.history.History;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.plan.ServicePlan;
import io.kubeipvs.proxy.plan.iptables.ServiceRules;
import io.kubeipvs.proxy.state.ChangeTracker;
import io.kubeipvs.proxy.sync.SyncListener;
import io.kubeipvs.proxy.sync.SyncReport;
import io.kubeipvs.proxy.sync.SyncStatus;
import java.io.IOException;
import java.io.Writer;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All figures of the proxy. Micrometer and everything else that takes time to load is touched on
 * the given thread only; on the loop's, what a sync did is summed up and passed on.
 */
public final class ProxyMetrics implements SyncListener {
  private final Executor thread;
  private final Supplier<SyncStatus> status;
  private final ChangeTracker tracker;
  private final Set<AddressFamily> families;
  private final NetlinkCounters netlink;
  private final LongSupplier droppedEvents;
  private final History history;
  private final NoLocalEndpoints noLocal = new NoLocalEndpoints();
  private final InstantSource clock;
  private @Nullable ApiFigures api;
  private @Nullable Meters meters;
  private @Nullable LoopFigures loop;

  /**
   * @param thread does one thing at a time
   */
  public ProxyMetrics(
      Executor thread,
      Supplier<SyncStatus> status,
      ChangeTracker tracker,
      Set<AddressFamily> families,
      NetlinkCounters netlink,
      LongSupplier droppedEvents,
      History history,
      InstantSource clock) {
    this.thread = thread;
    this.status = status;
    this.tracker = tracker;
    this.families = Set.copyOf(families);
    this.netlink = netlink;
    this.droppedEvents = droppedEvents;
    this.history = history;
    this.clock = clock;
  }

  /** Shows these too; to be called before anybody asks. */
  public void api(ApiFigures figures) {
    this.api = figures;
  }

  @Override
  public void planned(Service service, Collection<EndpointSlice> slices, ServicePlan plan) {
    noLocal.planned(service, slices, plan);
  }

  @Override
  public void plannedRules(
      Service service, Collection<EndpointSlice> slices, Map<AddressFamily, ServiceRules> rules) {
    noLocal.plannedRules(service, slices, rules);
  }

  @Override
  public void gone(ServiceName service) {
    noLocal.gone(service);
  }

  @Override
  public void synced(SyncReport report, SyncStatus now, ChangeTracker.Applied applied) {
    SyncSummary summary = SyncSummary.of(report, applied, clock.instant());
    thread.execute(() -> loop().synced(summary));
  }

  @Override
  public void failed(IOException cause) {
    thread.execute(() -> loop().givenUp());
  }

  /**
   * Told once, before anything else.
   *
   * @param figures of the rules in iptables mode, by family; none in another
   */
  public void mode(ModeInForce inForce, Supplier<Map<AddressFamily, RuleFigures>> figures) {
    thread.execute(
        () -> {
          Meters all = meters();
          all.gaugeOf(Metric.MODE, () -> 1, inForce.mode().toString());
          all.gaugeOf(Metric.MODE_FALLBACK, () -> inForce.fallbackReason().isPresent() ? 1 : 0);
          if (inForce.mode() == ProxyMode.IPTABLES) {
            families.forEach(family -> new RuleMeters(all, family, figures).register());
          }
        });
  }

  /** Told of each answer of a health page, from any thread. */
  public void answered(String page, int code) {
    Metric metric =
        page.equals("livez")
            ? Metric.KUBEPROXY_PROXY_LIVEZ_TOTAL
            : Metric.KUBEPROXY_PROXY_HEALTHZ_TOTAL;
    thread.execute(() -> meters().count(metric, 1, String.valueOf(code)));
  }

  private Meters meters() {
    if (meters == null) {
      meters = new Meters();
    }
    return meters;
  }

  private LoopFigures loop() {
    if (loop == null) {
      Meters all = meters();
      loop = new LoopFigures(all, families, tracker, noLocal, clock);
      loop.status(status);
      loop.netlink(netlink);
      ProcessFigures.register(all);
      all.counterOf(Metric.EVENTS_DROPPED_TOTAL, droppedEvents::getAsLong);
      all.gaugeOf(Metric.HISTORY_BYTES, history::bytes);
      all.counterOf(Metric.HISTORY_DROPPED_TOTAL, history::dropped);
      String version = ProxyMetrics.class.getPackage().getImplementationVersion();
      all.gaugeOf(Metric.BUILD_INFO, () -> 1, version == null ? "unknown" : version);
    }
    return loop;
  }

  /** Everything as text, on the thread of the metrics. */
  void scrape(@Nullable KernelFigures kernel, Writer out) throws IOException {
    loop();
    meters().writeTo(out);
    if (api != null) {
      api.writeTo(out);
    }
    if (kernel != null) {
      kernel.writeTo(out);
    }
  }
}
