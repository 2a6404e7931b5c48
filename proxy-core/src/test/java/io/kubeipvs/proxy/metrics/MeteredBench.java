package io.kubeipvs.proxy.metrics;

import static io.kubeipvs.proxy.Objects.OLD;
import static io.kubeipvs.proxy.Objects.localOnly;
import static io.kubeipvs.proxy.Objects.service;
import static io.kubeipvs.proxy.Objects.slice;
import static io.kubeipvs.proxy.sync.Bench.WEB;

import io.kubeipvs.iptables.Table;
import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.proxy.Reports;
import io.kubeipvs.proxy.apply.RuleFigures;
import io.kubeipvs.proxy.config.ModeInForce;
import io.kubeipvs.proxy.history.History;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.source.kubernetes.ApiCall;
import io.kubeipvs.proxy.state.ChangeTracker;
import io.kubeipvs.proxy.sync.Bench;
import io.kubeipvs.proxy.sync.SyncReport;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A loop on a kernel in memory, and the metrics of it. */
final class MeteredBench {
  private static final ServiceKey FOREIGN =
      ServiceKey.of(Protocol.TCP, IpAddress.of("203.0.113.7"), 80);

  private static final RuleFigures RULES =
      new RuleFigures(Map.of(Table.NAT, 40, Table.FILTER, 15), Map.of(Table.NAT, 7), 2, 1);

  private final Bench bench = new Bench();
  final ProxyMetrics metrics =
      new ProxyMetrics(
          Runnable::run,
          () -> bench.loop.status(),
          bench.tracker,
          Set.of(AddressFamily.IPV4, AddressFamily.IPV6),
          new NetlinkCounters(NetlinkTrace.NONE),
          () -> 0,
          new History(1, 1, Instant.EPOCH),
          () -> bench.now);

  /** Syncs, a repair, a failure, and answers of every kind. */
  void everythingHappens() throws IOException {
    metrics.mode(ModeInForce.IPTABLES, () -> Map.of(AddressFamily.IPV4, RULES));
    ApiFigures api = new ApiFigures();
    api.request(call("list", 200, 30));
    api.reachable("services", true);
    metrics.api(api);
    bench.kernel.ipvs.tamper(
        new IpvsCommand.AddService(VirtualService.of(FOREIGN, Scheduler.ROUND_ROBIN)));
    bench.tracker.service(service("web", OLD, Protocol.TCP, "10.96.0.10"));
    bench.tracker.service(localOnly(service("local", OLD, Protocol.TCP, "10.96.0.11")));
    bench.tracker.slice(triggered(slice("web", Protocol.TCP, "10.1.0.1")));
    bench.tracker.slice(slice("local", Protocol.TCP, "10.1.0.2"));
    bench.tracker.listed();
    sync();
    bench.kernel.ipvs.tamper(
        new IpvsCommand.DeleteServer(WEB, new ServerKey(IpAddress.of("10.1.0.1"), 8080)));
    sync();
    metrics.answered("healthz", 200);
    metrics.answered("healthz", 503);
    metrics.answered("livez", 200);
    metrics.failed(new IOException("no kernel"));
    SyncReport report = bench.fullSync();
    metrics.synced(
        new SyncReport(
            true,
            0,
            List.of(),
            List.of(
                Reports.failure(
                    new IpvsCommand.AddServer(
                        WEB, RealServer.masquerade(IpAddress.of("10.1.0.9"), 8080, 1)))),
            List.of(),
            report.took(),
            1,
            report.duration()),
        bench.loop.status(),
        ChangeTracker.Applied.NOTHING);
  }

  /** Of the API server, for Services. */
  static ApiCall call(String verb, int status, int milliseconds) {
    Duration took = Duration.ofMillis(milliseconds);
    return new ApiCall("api:6443", "GET", verb, "services", status, took);
  }

  SyncReport fullSync() {
    return bench.fullSync();
  }

  private void sync() {
    SyncReport report = bench.fullSync();
    bench
        .tracker
        .services()
        .forEach(
            each ->
                metrics.planned(
                    each,
                    bench.tracker.input(each.name()).slices(),
                    bench.loop.desired().plan(each.name()).orElseThrow()));
    metrics.synced(report, bench.loop.status(), bench.tracker.applied());
  }

  private EndpointSlice triggered(EndpointSlice slice) {
    bench.now = Instant.now().plusSeconds(10);
    return new EndpointSlice(
        slice.name(),
        slice.service(),
        slice.family(),
        slice.ports(),
        slice.endpoints(),
        bench.now.minusMillis(1500));
  }

  String scrape(Set<MetricNames> names, int limit) throws IOException {
    StringWriter out = new StringWriter();
    metrics.scrape(
        new KernelFigures(
            bench.kernel.ipvs, bench.kernel.sets, bench.tracker::services, limit, names),
        out);
    return out.toString();
  }
}
