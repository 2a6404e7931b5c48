package io.kubeipvs.proxy.metrics;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Every metric there is; what is not in this list is not served. What each is, says the table
 * {@code metrics.table} beside this class, in the lines of {@code docs/metrics.md}.
 */
enum Metric {
  KUBEPROXY_SYNC_PROXY_RULES_DURATION_SECONDS,
  KUBEPROXY_SYNC_FULL_PROXY_RULES_DURATION_SECONDS,
  KUBEPROXY_SYNC_PARTIAL_PROXY_RULES_DURATION_SECONDS,
  KUBEPROXY_SYNC_PROXY_RULES_LAST_QUEUED_TIMESTAMP_SECONDS,
  KUBEPROXY_SYNC_PROXY_RULES_LAST_TIMESTAMP_SECONDS,
  KUBEPROXY_SYNC_PROXY_RULES_ENDPOINT_CHANGES_PENDING,
  KUBEPROXY_SYNC_PROXY_RULES_ENDPOINT_CHANGES_TOTAL,
  KUBEPROXY_SYNC_PROXY_RULES_SERVICE_CHANGES_PENDING,
  KUBEPROXY_SYNC_PROXY_RULES_SERVICE_CHANGES_TOTAL,
  KUBEPROXY_NETWORK_PROGRAMMING_DURATION_SECONDS,
  KUBEPROXY_SYNC_PROXY_RULES_NO_LOCAL_ENDPOINTS_TOTAL,
  KUBEPROXY_SYNC_PROXY_RULES_IPTABLES_RESTORE_FAILURES_TOTAL,
  KUBEPROXY_SYNC_PROXY_RULES_IPTABLES_PARTIAL_RESTORE_FAILURES_TOTAL,
  KUBEPROXY_SYNC_PROXY_RULES_IPTABLES_TOTAL,
  KUBEPROXY_SYNC_PROXY_RULES_IPTABLES_LAST,
  KUBEPROXY_PROXY_HEALTHZ_TOTAL,
  KUBEPROXY_PROXY_LIVEZ_TOTAL,
  REST_CLIENT_REQUESTS_TOTAL,
  REST_CLIENT_REQUEST_DURATION_SECONDS,
  PROCESS_CPU_SECONDS_TOTAL,
  PROCESS_RESIDENT_MEMORY_BYTES,
  PROCESS_VIRTUAL_MEMORY_BYTES,
  PROCESS_OPEN_FDS,
  PROCESS_MAX_FDS,
  PROCESS_START_TIME_SECONDS,
  GO_GOROUTINES,
  JVM_MEMORY_USED_BYTES,
  JVM_MEMORY_COMMITTED_BYTES,
  JVM_MEMORY_MAX_BYTES,
  JVM_GC_COLLECTIONS_TOTAL,
  JVM_GC_SECONDS_TOTAL,
  BUILD_INFO,
  MODE,
  MODE_FALLBACK,
  SYNCS_TOTAL,
  SYNC_PART_SECONDS,
  OPERATIONS_TOTAL,
  OPERATION_FAILURES_TOTAL,
  DRIFT_REPAIRS_TOTAL,
  CONNTRACK_DELETED_FLOWS_TOTAL,
  QUEUE_AGE_SECONDS,
  SERVICES_DESIRED,
  SERVERS_DESIRED,
  SERVICES_PROGRAMMED,
  SERVERS_PROGRAMMED,
  SERVICES_FOREIGN,
  SERVICES_DRAINING,
  SERVERS_DRAINING,
  OBJECTS_SKIPPED,
  CONFLICTS,
  EVENTS_DROPPED_TOTAL,
  API_FOLLOWED,
  HISTORY_BYTES,
  HISTORY_DROPPED_TOTAL,
  NETLINK_ROUND_TRIPS_TOTAL,
  NETLINK_REQUESTS_TOTAL,
  NETLINK_BATCHES_TOTAL,
  NETLINK_ERRORS_TOTAL,
  NETLINK_OVERRUNS_TOTAL,
  IPSET_ENTRIES,
  IPSET_MAX_ENTRIES,
  CONNTRACK_ENTRIES,
  CONNTRACK_MAX_ENTRIES,
  IPVS_CONNECTIONS,
  IPVS_CONNECTION_TABLE_BUCKETS,
  SERVICE_CONNECTIONS_TOTAL,
  SERVICE_PACKETS_TOTAL,
  SERVICE_BYTES_TOTAL,
  SERVICE_CONNECTIONS,
  SERVICE_ENDPOINTS,
  ENDPOINT_CONNECTIONS_TOTAL,
  ENDPOINT_PACKETS_TOTAL,
  ENDPOINT_BYTES_TOTAL,
  ENDPOINT_CONNECTIONS,
  ENDPOINT_WEIGHT,
  DETAIL_LEFT_OUT,
  KERNEL_READ_SECONDS,
  NODE_IPVS_CONNECTIONS_TOTAL,
  NODE_IPVS_INCOMING_PACKETS_TOTAL,
  NODE_IPVS_OUTGOING_PACKETS_TOTAL,
  NODE_IPVS_INCOMING_BYTES_TOTAL,
  NODE_IPVS_OUTGOING_BYTES_TOTAL,
  NODE_IPVS_BACKEND_CONNECTIONS_ACTIVE,
  NODE_IPVS_BACKEND_CONNECTIONS_INACTIVE,
  NODE_IPVS_BACKEND_WEIGHT,
  KUBE_ROUTER_CONTROLLER_IPVS_SERVICES,
  KUBE_ROUTER_SERVICE_TOTAL_CONNECTIONS,
  KUBE_ROUTER_SERVICE_PACKETS_IN,
  KUBE_ROUTER_SERVICE_PACKETS_OUT,
  KUBE_ROUTER_SERVICE_BYTES_IN,
  KUBE_ROUTER_SERVICE_BYTES_OUT,
  KUBE_ROUTER_SERVICE_CPS,
  KUBE_ROUTER_SERVICE_PPS_IN,
  KUBE_ROUTER_SERVICE_PPS_OUT,
  KUBE_ROUTER_SERVICE_BPS_IN,
  KUBE_ROUTER_SERVICE_BPS_OUT;

  /** As Prometheus spells them. */
  enum Type {
    COUNTER,
    GAUGE,
    HISTOGRAM,
    SUMMARY;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final String fullName;
  private final Type type;
  private final String unit;
  private final String help;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> labels;

  Metric() {
    String name = name().toLowerCase(Locale.ROOT);
    Row row = Table.ROWS.get(name);
    row = row == null ? Table.ROWS.get("kubeipvs_" + name) : row;
    Row found = Objects.requireNonNull(row, () -> name + " is not in the table");
    this.fullName = found.name;
    this.type = Type.valueOf(found.type.toUpperCase(Locale.ROOT));
    this.labels = found.labels;
    this.unit = found.unit;
    this.help = found.help;
  }

  private record Row(String name, String type, List<String> labels, String unit, String help) {
    /** {@code | `name` | gauge | label, label | unit | help |}. */
    static Row parse(String line) {
      String[] cells = line.split("\\|", -1);
      String labels = cells[3].strip();
      return new Row(
          cells[1].strip().replace("`", ""),
          cells[2].strip(),
          labels.isEmpty() ? List.of() : List.of(labels.split(", ", -1)),
          cells[4].strip(),
          cells[5].strip());
    }
  }

  private static final class Table {
    static final Map<String, Row> ROWS = read();

    private static Map<String, Row> read() {
      Map<String, Row> rows = new HashMap<>();
      try (InputStream table = Metric.class.getResourceAsStream("metrics.table");
          BufferedReader lines =
              new BufferedReader(
                  new InputStreamReader(Objects.requireNonNull(table), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          Row row = Row.parse(line);
          rows.put(row.name, row);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return rows;
    }
  }

  String fullName() {
    return fullName;
  }

  Type type() {
    return type;
  }

  String unit() {
    return unit;
  }

  String help() {
    return help;
  }

  List<String> labels() {
    return labels;
  }
}
