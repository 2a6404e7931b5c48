package io.kubeipvs.proxy.status;

import io.kubeipvs.ipvs.IpvsadmText;
import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.ServiceFlags;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.Statistics;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.health.ProxyHealth;
import io.kubeipvs.proxy.json.JsonWriter;
import io.kubeipvs.proxy.metrics.Owners;
import io.kubeipvs.proxy.model.Endpoint;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.state.ChangeTracker;
import io.kubeipvs.proxy.sync.SyncStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code /debug/state}: how it stands, and a page of the virtual services. */
final class StateText {
  private static final int PROBLEMS = 50;
  private static final int SERVERS = 64;

  private final Facts facts;
  private final KernelTable table;
  private final JsonWriter json = new JsonWriter();

  StateText(Facts facts, KernelTable table) {
    this.facts = facts;
    this.table = table;
  }

  String of(Query query, Instant now) throws IOException {
    KernelTable.Contents contents = table.contents(System.nanoTime());
    json.open();
    json.member("now", now.toString()).member("node", facts.nodeName());
    json.member("version", facts.version()).member("mode", facts.mode().mode().toString());
    json.member("modeReason", facts.mode().fallbackReason().orElse(""));
    json.member("unserved", unserved());
    json.name("readMilliseconds").fraction(contents.took().toNanos() / 1_000_000.0);
    health(facts.health().get());
    loop(facts.status().get(), now);
    kernel(contents.rows());
    page(contents.rows(), query);
    return json.close().toString();
  }

  /** {@code IPv6: ip6tables was not found}; empty where both families are served. */
  private String unserved() {
    return facts.mode().unserved().entrySet().stream()
        .map(each -> (each.getKey() == AddressFamily.IPV4 ? "IPv4: " : "IPv6: ") + each.getValue())
        .collect(Collectors.joining("; "));
  }

  private void health(ProxyHealth.Verdict verdict) {
    json.member("healthy", verdict.healthy()).member("nodeEligible", verdict.nodeEligible());
    json.member("lastUpdated", verdict.lastUpdated().map(Instant::toString).orElse(""));
  }

  private void loop(SyncStatus status, Instant now) {
    ChangeTracker.Queue queue = facts.tracker().queue();
    json.name("waitingSeconds")
        .fraction(
            queue
                .oldestQueued()
                .map(since -> Duration.between(since, now).toMillis() / 1000.0)
                .orElse(0.0));
    json.member("syncs", status.syncs()).member("operations", status.operations());
    json.member("servicesDesired", status.services());
    json.member("serversDesired", status.servers());
    List<String> wrong = new ArrayList<>();
    status.failures().forEach(each -> wrong.add("failed: " + each));
    status.conflicts().forEach(each -> wrong.add("conflict: " + each));
    status.problems().forEach(each -> wrong.add("skipped: " + each));
    status.obstacles().forEach(each -> wrong.add("incomplete: " + each));
    json.member("problemsTotal", wrong.size());
    json.name("problems").openList();
    wrong.stream().limit(PROBLEMS).forEach(json::text);
    json.closeList();
  }

  private void kernel(List<Row> rows) {
    long foreign = 0;
    long servers = 0;
    long draining = 0;
    long active = 0;
    long inactive = 0;
    long rate = 0;
    long inBytes = 0;
    long outBytes = 0;
    for (Row row : rows) {
      Statistics counted = row.observed().statistics();
      foreign += row.owner().isEmpty() ? 1 : 0;
      servers += row.owner().isEmpty() ? 0 : row.serving() + row.draining();
      draining += row.draining();
      active += row.active();
      inactive += row.inactive();
      rate += counted.connectionRate();
      inBytes += counted.incomingByteRate();
      outBytes += counted.outgoingByteRate();
    }
    json.member("services", rows.size() - foreign).member("foreign", foreign);
    json.member("servers", servers).member("draining", draining);
    json.member("active", active).member("inactive", inactive).member("rate", rate);
    json.member("inBytes", inBytes).member("outBytes", outBytes);
    json.member("tracked", ProcNumber.read("nf_conntrack_count"));
    json.member("trackedMost", ProcNumber.read("nf_conntrack_max"));
  }

  private void page(List<Row> rows, Query query) throws IOException {
    Set<ServiceKey> holders = table.holders(query.addresses());
    List<Row> matching =
        rows.stream().filter(row -> query.matches(row, holders)).sorted(query.order()).toList();
    int from = Math.min(query.from(), matching.size());
    int to = (int) Math.min((long) from + query.most(), matching.size());
    json.member("matching", matching.size()).member("offset", from);
    json.name("rows").openList();
    for (Row row : matching.subList(from, to)) {
      row(row);
    }
    json.closeList();
  }

  private void row(Row row) throws IOException {
    VirtualService service = row.observed().service();
    json.open();
    json.member("namespace", row.owner().map(o -> o.service().namespace()).orElse(""));
    json.member("service", row.owner().map(o -> o.service().name()).orElse(""));
    json.member("port", row.owner().map(Owners.Owner::port).orElse(""));
    json.member("kind", row.kind()).member("key", service.key().toString());
    json.member("scheduler", service.scheduler().toString());
    json.member("flags", IpvsadmText.schedulerFlags(service));
    boolean persistent = service.flags().has(ServiceFlags.PERSISTENT);
    json.member(
        "persistence", persistent ? Integer.toUnsignedLong(service.persistenceSeconds()) : 0);
    json.member("connections", row.observed().statistics().connections());
    json.member("rate", row.rate());
    json.member("active", row.active()).member("inactive", row.inactive());
    json.member("serving", row.serving()).member("draining", row.draining());
    servers(row, service.key());
    json.close();
  }

  /** One service may have thousands; what is more than can be shown is in the sums. */
  private void servers(Row row, ServiceKey key) throws IOException {
    Map<IpAddress, Endpoint> endpoints = new HashMap<>();
    if (row.owner().isPresent()) {
      for (EndpointSlice slice : facts.tracker().input(row.owner().get().service()).slices()) {
        for (Endpoint endpoint : slice.endpoints()) {
          endpoints.put(endpoint.address(), endpoint);
        }
      }
    }
    json.name("servers").openList();
    for (ObservedServer each : table.servers(key).stream().limit(SERVERS).toList()) {
      json.open().member("address", each.server().key().toString());
      Endpoint endpoint = endpoints.get(each.server().key().address());
      json.member("node", endpoint == null ? "" : endpoint.nodeName());
      json.member("pod", endpoint == null ? "" : endpoint.pod());
      json.member("weight", each.server().weight());
      json.member("active", Integer.toUnsignedLong(each.activeConnections()));
      json.member("inactive", Integer.toUnsignedLong(each.inactiveConnections()));
      json.member("rate", each.statistics().connectionRate()).close();
    }
    json.closeList();
  }
}
