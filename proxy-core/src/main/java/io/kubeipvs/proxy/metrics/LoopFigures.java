package io.kubeipvs.proxy.metrics;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.NetlinkConnection;
import io.kubeipvs.proxy.state.ChangeTracker;
import io.kubeipvs.proxy.sync.SyncStatus;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What the loop does. Belongs to the servers' thread. */
final class LoopFigures {
  private static final Duration[] NO_BUCKETS = {};

  /** As kube-proxy: 0.001 s, doubled up to 16.384 s. */
  static final Duration[] SYNC_BUCKETS =
      IntStream.range(0, 15).mapToObj(i -> Duration.ofMillis(1L << i)).toArray(Duration[]::new);

  /** As kube-proxy: 0.25, 0.5, 1..59 by 1, 60..115 by 5, 120..300 by 30 seconds. */
  static final Duration[] PROGRAMMING_BUCKETS =
      DoubleStream.concat(
              DoubleStream.of(0.25, 0.5),
              IntStream.concat(
                      IntStream.concat(
                          IntStream.range(1, 60), IntStream.range(12, 24).map(i -> i * 5)),
                      IntStream.range(4, 11).map(i -> i * 30))
                  .asDoubleStream())
          .mapToObj(seconds -> Duration.ofMillis((long) (seconds * 1000)))
          .toArray(Duration[]::new);

  private final Meters meters;
  private final Map<AddressFamily, Timer> syncs = new EnumMap<>(AddressFamily.class);
  private final Map<AddressFamily, Timer> fullSyncs = new EnumMap<>(AddressFamily.class);
  private final Map<AddressFamily, Timer> partialSyncs = new EnumMap<>(AddressFamily.class);
  private final Map<AddressFamily, Timer> programming = new EnumMap<>(AddressFamily.class);
  private @Nullable Instant lastInForce;

  LoopFigures(
      Meters meters,
      Set<AddressFamily> families,
      ChangeTracker tracker,
      NoLocalEndpoints noLocal,
      InstantSource clock) {
    this.meters = meters;
    for (AddressFamily family : families) {
      register(family, tracker, noLocal);
    }
    meters.gaugeOf(
        Metric.KUBEPROXY_SYNC_PROXY_RULES_ENDPOINT_CHANGES_PENDING,
        () -> tracker.queue().pendingSlices());
    meters.counterOf(
        Metric.KUBEPROXY_SYNC_PROXY_RULES_ENDPOINT_CHANGES_TOTAL,
        () -> tracker.queue().sliceChanges());
    meters.gaugeOf(
        Metric.KUBEPROXY_SYNC_PROXY_RULES_SERVICE_CHANGES_PENDING,
        () -> tracker.queue().pendingServices());
    meters.counterOf(
        Metric.KUBEPROXY_SYNC_PROXY_RULES_SERVICE_CHANGES_TOTAL,
        () -> tracker.queue().serviceChanges());
    meters.gaugeOf(
        Metric.QUEUE_AGE_SECONDS,
        () ->
            tracker
                .queue()
                .oldestQueued()
                .map(since -> seconds(Duration.between(since, clock.instant())))
                .orElse(0.0));
    meters.counter(Metric.CONNTRACK_DELETED_FLOWS_TOTAL);
    zeroes();
  }

  /** A counter that first shows up with a 1 never increased, for whoever watches. */
  private void zeroes() {
    for (String kind : SyncSummary.kinds()) {
      meters.counter(Metric.OPERATIONS_TOTAL, kind);
      meters.counter(Metric.OPERATION_FAILURES_TOTAL, kind);
      meters.counter(Metric.DRIFT_REPAIRS_TOTAL, kind);
    }
    for (String look : List.of("full", "changes")) {
      meters.counter(Metric.SYNCS_TOTAL, look, "complete");
      meters.counter(Metric.SYNCS_TOTAL, look, "failures");
    }
    meters.counter(Metric.SYNCS_TOTAL, "full", "given_up");
  }

  private void register(AddressFamily family, ChangeTracker tracker, NoLocalEndpoints noLocal) {
    String name = name(family);
    syncs.put(
        family,
        meters.timer(Metric.KUBEPROXY_SYNC_PROXY_RULES_DURATION_SECONDS, SYNC_BUCKETS, name));
    fullSyncs.put(
        family,
        meters.timer(Metric.KUBEPROXY_SYNC_FULL_PROXY_RULES_DURATION_SECONDS, SYNC_BUCKETS, name));
    partialSyncs.put(
        family,
        meters.timer(
            Metric.KUBEPROXY_SYNC_PARTIAL_PROXY_RULES_DURATION_SECONDS, SYNC_BUCKETS, name));
    programming.put(
        family,
        meters.timer(
            Metric.KUBEPROXY_NETWORK_PROGRAMMING_DURATION_SECONDS, PROGRAMMING_BUCKETS, name));
    meters.gaugeOf(
        Metric.KUBEPROXY_SYNC_PROXY_RULES_LAST_QUEUED_TIMESTAMP_SECONDS,
        () -> tracker.queue().lastQueued().map(LoopFigures::timestamp).orElse(0.0),
        name);
    meters.gaugeOf(
        Metric.KUBEPROXY_SYNC_PROXY_RULES_LAST_TIMESTAMP_SECONDS,
        () -> lastInForce == null ? 0 : timestamp(lastInForce),
        name);
    meters.counter(Metric.KUBEPROXY_SYNC_PROXY_RULES_IPTABLES_RESTORE_FAILURES_TOTAL, name);
    for (NoLocalEndpoints.Policy policy : NoLocalEndpoints.Policy.values()) {
      meters.gaugeOf(
          Metric.KUBEPROXY_SYNC_PROXY_RULES_NO_LOCAL_ENDPOINTS_TOTAL,
          () -> noLocal.count(policy, family),
          policy.name(),
          name);
    }
  }

  /** Where the loop stands, read when it is asked for. */
  void status(Supplier<SyncStatus> status) {
    meters.gaugeOf(Metric.SERVICES_DESIRED, () -> status.get().services());
    meters.gaugeOf(Metric.SERVERS_DESIRED, () -> status.get().servers());
    meters.gaugeOf(Metric.SERVICES_DRAINING, () -> status.get().drainingServices());
    meters.gaugeOf(Metric.OBJECTS_SKIPPED, () -> status.get().problems().size());
    meters.gaugeOf(Metric.CONFLICTS, () -> status.get().conflicts().size());
  }

  void netlink(NetlinkCounters counters) {
    Map.of(
            "route", NetlinkConnection.ROUTE,
            "netfilter", NetlinkConnection.NETFILTER,
            "generic", NetlinkConnection.GENERIC)
        .forEach(
            (name, protocol) -> {
              NetlinkCounters.Counts counts = counters.of(protocol);
              meters.counterOf(Metric.NETLINK_ROUND_TRIPS_TOTAL, counts.roundTrips()::get, name);
              meters.counterOf(Metric.NETLINK_REQUESTS_TOTAL, counts.requests()::get, name);
              meters.counterOf(Metric.NETLINK_BATCHES_TOTAL, counts.batches()::get, name);
              meters.counterOf(Metric.NETLINK_ERRORS_TOTAL, counts.errors()::get, name);
              meters.counterOf(Metric.NETLINK_OVERRUNS_TOTAL, counts.overruns()::get, name);
            });
  }

  void synced(SyncSummary sync) {
    syncs.values().forEach(timer -> timer.record(sync.duration()));
    (sync.full() ? fullSyncs : partialSyncs)
        .values()
        .forEach(timer -> timer.record(sync.duration()));
    meters.count(
        Metric.SYNCS_TOTAL,
        1,
        sync.full() ? "full" : "changes",
        sync.complete() ? "complete" : "failures");
    sync.took()
        .forEach(
            (part, time) -> meters.timer(Metric.SYNC_PART_SECONDS, NO_BUCKETS, part).record(time));
    sync.done().forEach((kind, n) -> meters.count(Metric.OPERATIONS_TOTAL, n, kind));
    sync.failed().forEach((kind, n) -> meters.count(Metric.OPERATION_FAILURES_TOTAL, n, kind));
    sync.repairs().forEach((kind, n) -> meters.count(Metric.DRIFT_REPAIRS_TOTAL, n, kind));
    meters.count(Metric.CONNTRACK_DELETED_FLOWS_TOTAL, sync.forgottenFlows());
    for (AddressFamily family : sync.rulesFailed()) {
      meters.count(
          Metric.KUBEPROXY_SYNC_PROXY_RULES_IPTABLES_RESTORE_FAILURES_TOTAL, 1, name(family));
    }
    if (sync.inForce()) {
      lastInForce = sync.at();
      sync.triggers().forEach(trigger -> programmed(trigger, sync.at()));
    }
  }

  private void programmed(ChangeTracker.Trigger trigger, Instant at) {
    Timer timer = programming.get(trigger.family());
    Duration took = Duration.between(trigger.triggered(), at);
    if (timer != null && !took.isNegative()) {
      timer.record(took);
    }
  }

  void givenUp() {
    meters.count(Metric.SYNCS_TOTAL, 1, "full", "given_up");
  }

  static String name(AddressFamily family) {
    return family == AddressFamily.IPV4 ? "IPv4" : "IPv6";
  }

  private static double timestamp(Instant time) {
    return time.toEpochMilli() / 1000.0;
  }

  private static double seconds(Duration duration) {
    return Math.max(0, duration.toMillis() / 1000.0);
  }
}
