package io.kubeipvs.proxy.metrics;

import java.util.List;
import java.util.Locale;

/** Every metric there is. What is not in this list is not served. */
enum Metric {
  KUBEPROXY_SYNC_PROXY_RULES_DURATION_SECONDS(
      "kubeproxy_sync_proxy_rules_duration_seconds",
      Type.HISTOGRAM,
      "seconds",
      "duration of a sync; one serves both families",
      "ip_family"),
  KUBEPROXY_SYNC_PROXY_RULES_LAST_QUEUED_TIMESTAMP_SECONDS(
      "kubeproxy_sync_proxy_rules_last_queued_timestamp_seconds",
      Type.GAUGE,
      "seconds since 1970",
      "when the loop was last given something to do",
      "ip_family"),
  KUBEPROXY_SYNC_PROXY_RULES_LAST_TIMESTAMP_SECONDS(
      "kubeproxy_sync_proxy_rules_last_timestamp_seconds",
      Type.GAUGE,
      "seconds since 1970",
      "when what was asked for was last in the kernel",
      "ip_family"),
  KUBEPROXY_SYNC_PROXY_RULES_ENDPOINT_CHANGES_PENDING(
      "kubeproxy_sync_proxy_rules_endpoint_changes_pending",
      Type.GAUGE,
      "slices",
      "EndpointSlices that changed since the last sync began"),
  KUBEPROXY_SYNC_PROXY_RULES_ENDPOINT_CHANGES_TOTAL(
      "kubeproxy_sync_proxy_rules_endpoint_changes_total",
      Type.COUNTER,
      "changes",
      "changes of EndpointSlices"),
  KUBEPROXY_SYNC_PROXY_RULES_SERVICE_CHANGES_PENDING(
      "kubeproxy_sync_proxy_rules_service_changes_pending",
      Type.GAUGE,
      "services",
      "Services that changed since the last sync began"),
  KUBEPROXY_SYNC_PROXY_RULES_SERVICE_CHANGES_TOTAL(
      "kubeproxy_sync_proxy_rules_service_changes_total",
      Type.COUNTER,
      "changes",
      "changes of Services"),
  KUBEPROXY_NETWORK_PROGRAMMING_DURATION_SECONDS(
      "kubeproxy_network_programming_duration_seconds",
      Type.HISTOGRAM,
      "seconds",
      "from what led to an EndpointSlice's change until the change is in the kernel",
      "ip_family"),
  KUBEPROXY_SYNC_PROXY_RULES_NO_LOCAL_ENDPOINTS_TOTAL(
      "kubeproxy_sync_proxy_rules_no_local_endpoints_total",
      Type.GAUGE,
      "services",
      "Services with a local policy that have endpoints, but none on this node",
      "traffic_policy",
      "ip_family"),
  KUBEPROXY_SYNC_PROXY_RULES_IPTABLES_RESTORE_FAILURES_TOTAL(
      "kubeproxy_sync_proxy_rules_iptables_restore_failures_total",
      Type.COUNTER,
      "runs",
      "failed runs of iptables-restore",
      "ip_family"),
  KUBEPROXY_SYNC_PROXY_RULES_IPTABLES_PARTIAL_RESTORE_FAILURES_TOTAL(
      "kubeproxy_sync_proxy_rules_iptables_partial_restore_failures_total",
      Type.COUNTER,
      "runs",
      "failed runs of iptables-restore that were to load changes alone, in iptables mode",
      "ip_family"),
  KUBEPROXY_SYNC_PROXY_RULES_IPTABLES_TOTAL(
      "kubeproxy_sync_proxy_rules_iptables_total",
      Type.GAUGE,
      "rules",
      "rules there should be, in iptables mode",
      "table",
      "ip_family"),
  KUBEPROXY_SYNC_PROXY_RULES_IPTABLES_LAST(
      "kubeproxy_sync_proxy_rules_iptables_last",
      Type.GAUGE,
      "rules",
      "rules written in the last sync, in iptables mode",
      "table",
      "ip_family"),
  KUBEPROXY_PROXY_HEALTHZ_TOTAL(
      "kubeproxy_proxy_healthz_total", Type.COUNTER, "answers", "answers of /healthz", "code"),
  KUBEPROXY_PROXY_LIVEZ_TOTAL(
      "kubeproxy_proxy_livez_total", Type.COUNTER, "answers", "answers of /livez", "code"),
  REST_CLIENT_REQUESTS_TOTAL(
      "rest_client_requests_total",
      Type.COUNTER,
      "requests",
      "requests to the API server, by HTTP status; <error> for no answer",
      "code",
      "host",
      "method"),
  REST_CLIENT_REQUEST_DURATION_SECONDS(
      "rest_client_request_duration_seconds",
      Type.HISTOGRAM,
      "seconds",
      "duration of requests to the API server, watches excepted",
      "verb",
      "host"),
  PROCESS_CPU_SECONDS_TOTAL(
      "process_cpu_seconds_total", Type.COUNTER, "seconds", "user and system time of the process"),
  PROCESS_RESIDENT_MEMORY_BYTES(
      "process_resident_memory_bytes", Type.GAUGE, "bytes", "resident memory"),
  PROCESS_VIRTUAL_MEMORY_BYTES(
      "process_virtual_memory_bytes", Type.GAUGE, "bytes", "virtual memory"),
  PROCESS_OPEN_FDS("process_open_fds", Type.GAUGE, "files", "open file descriptors"),
  PROCESS_MAX_FDS("process_max_fds", Type.GAUGE, "files", "file descriptors there may be"),
  PROCESS_START_TIME_SECONDS(
      "process_start_time_seconds", Type.GAUGE, "seconds since 1970", "when the process started"),
  GO_GOROUTINES(
      "go_goroutines",
      Type.GAUGE,
      "threads",
      "live threads, under the name that dashboards for kube-proxy ask for"),
  JVM_MEMORY_USED_BYTES(
      "jvm_memory_used_bytes", Type.GAUGE, "bytes", "used memory of the JVM", "area"),
  JVM_MEMORY_COMMITTED_BYTES(
      "jvm_memory_committed_bytes",
      Type.GAUGE,
      "bytes",
      "memory the JVM has from the system",
      "area"),
  JVM_MEMORY_MAX_BYTES(
      "jvm_memory_max_bytes",
      Type.GAUGE,
      "bytes",
      "memory the JVM may have; -1 for no limit",
      "area"),
  JVM_GC_COLLECTIONS_TOTAL(
      "jvm_gc_collections_total", Type.COUNTER, "collections", "garbage collections", "gc"),
  JVM_GC_SECONDS_TOTAL(
      "jvm_gc_seconds_total", Type.COUNTER, "seconds", "time spent in garbage collections", "gc"),
  BUILD_INFO("kubeipvs_build_info", Type.GAUGE, "1", "the version that runs", "version"),
  MODE("kubeipvs_mode", Type.GAUGE, "1", "how Services are served: ipvs, iptables", "mode"),
  MODE_FALLBACK(
      "kubeipvs_mode_fallback",
      Type.GAUGE,
      "1 or 0",
      "whether iptables serves because the kernel cannot do what IPVS mode needs"),
  SYNCS_TOTAL(
      "kubeipvs_syncs_total",
      Type.COUNTER,
      "syncs",
      "syncs: full ones and those of changes only; complete, with failures, or given up",
      "look",
      "result"),
  SYNC_PART_SECONDS(
      "kubeipvs_sync_part_seconds",
      Type.SUMMARY,
      "seconds",
      "duration of the parts of a sync: observe, plan, apply, and the phases of applying",
      "part"),
  OPERATIONS_TOTAL(
      "kubeipvs_operations_total",
      Type.COUNTER,
      "operations",
      "operations carried out in the kernel",
      "kind"),
  OPERATION_FAILURES_TOTAL(
      "kubeipvs_operation_failures_total",
      Type.COUNTER,
      "operations",
      "operations that were refused or left out",
      "kind"),
  DRIFT_REPAIRS_TOTAL(
      "kubeipvs_drift_repairs_total",
      Type.COUNTER,
      "operations",
      "operations that repaired what somebody else had changed",
      "kind"),
  CONNTRACK_DELETED_FLOWS_TOTAL(
      "kubeipvs_conntrack_deleted_flows_total",
      Type.COUNTER,
      "flows",
      "tracked flows deleted because their server is gone"),
  QUEUE_AGE_SECONDS(
      "kubeipvs_queue_age_seconds",
      Type.GAUGE,
      "seconds",
      "how long the oldest change waits to be in the kernel; 0 when none does"),
  SERVICES_DESIRED(
      "kubeipvs_services_desired",
      Type.GAUGE,
      "services",
      "virtual services that should be in the kernel"),
  SERVERS_DESIRED(
      "kubeipvs_servers_desired",
      Type.GAUGE,
      "servers",
      "real servers that should be in the kernel"),
  SERVICES_PROGRAMMED(
      "kubeipvs_services_programmed",
      Type.GAUGE,
      "services",
      "virtual services in the kernel that belong to Services"),
  SERVERS_PROGRAMMED(
      "kubeipvs_servers_programmed",
      Type.GAUGE,
      "servers",
      "real servers in the kernel behind those, draining ones included"),
  SERVICES_FOREIGN(
      "kubeipvs_services_foreign",
      Type.GAUGE,
      "services",
      "virtual services in the kernel that belong to nobody we know"),
  SERVICES_DRAINING(
      "kubeipvs_services_draining",
      Type.GAUGE,
      "services",
      "virtual services with servers that wait for their connections to end"),
  OBJECTS_SKIPPED(
      "kubeipvs_objects_skipped",
      Type.GAUGE,
      "problems",
      "objects or fields that are left out because something in them is wrong"),
  CONFLICTS(
      "kubeipvs_conflicts",
      Type.GAUGE,
      "conflicts",
      "ways into a Service that are left out because an older one has the address"),
  EVENTS_DROPPED_TOTAL(
      "kubeipvs_events_dropped_total",
      Type.COUNTER,
      "events",
      "events not written: too many, or the API server would not have them"),
  API_FOLLOWED(
      "kubeipvs_api_followed",
      Type.GAUGE,
      "1",
      "whether objects of that kind are followed at the API server at the moment",
      "resource"),
  NETLINK_ROUND_TRIPS_TOTAL(
      "kubeipvs_netlink_round_trips_total",
      Type.COUNTER,
      "datagrams",
      "datagrams sent to the kernel",
      "protocol"),
  NETLINK_REQUESTS_TOTAL(
      "kubeipvs_netlink_requests_total", Type.COUNTER, "messages", "requests in those", "protocol"),
  NETLINK_BATCHES_TOTAL(
      "kubeipvs_netlink_batches_total",
      Type.COUNTER,
      "datagrams",
      "datagrams with more than one request",
      "protocol"),
  NETLINK_ERRORS_TOTAL(
      "kubeipvs_netlink_errors_total",
      Type.COUNTER,
      "messages",
      "requests the kernel refused",
      "protocol"),
  NETLINK_OVERRUNS_TOTAL(
      "kubeipvs_netlink_overruns_total",
      Type.COUNTER,
      "times",
      "times the kernel dropped messages for us",
      "protocol"),
  IPSET_ENTRIES("kubeipvs_ipset_entries", Type.GAUGE, "entries", "entries of a set", "set"),
  IPSET_MAX_ENTRIES(
      "kubeipvs_ipset_max_entries", Type.GAUGE, "entries", "entries a set may have", "set"),
  CONNTRACK_ENTRIES("kubeipvs_conntrack_entries", Type.GAUGE, "flows", "tracked flows"),
  CONNTRACK_MAX_ENTRIES(
      "kubeipvs_conntrack_max_entries", Type.GAUGE, "flows", "tracked flows there may be"),
  IPVS_CONNECTIONS(
      "kubeipvs_ipvs_connections",
      Type.GAUGE,
      "connections",
      "connections of all real servers: active, inactive",
      "state"),
  IPVS_CONNECTION_TABLE_BUCKETS(
      "kubeipvs_ipvs_connection_table_buckets",
      Type.GAUGE,
      "buckets",
      "size of the table of connections"),
  SERVICE_CONNECTIONS_TOTAL(
      "kubeipvs_service_connections_total",
      Type.COUNTER,
      "connections",
      "connections of a virtual service",
      "namespace",
      "service",
      "port",
      "kind",
      "protocol",
      "address"),
  SERVICE_PACKETS_TOTAL(
      "kubeipvs_service_packets_total",
      Type.COUNTER,
      "packets",
      "packets of a virtual service",
      "namespace",
      "service",
      "port",
      "kind",
      "protocol",
      "address",
      "direction"),
  SERVICE_BYTES_TOTAL(
      "kubeipvs_service_bytes_total",
      Type.COUNTER,
      "bytes",
      "bytes of a virtual service",
      "namespace",
      "service",
      "port",
      "kind",
      "protocol",
      "address",
      "direction"),
  ENDPOINT_CONNECTIONS_TOTAL(
      "kubeipvs_endpoint_connections_total",
      Type.COUNTER,
      "connections",
      "connections of a real server",
      "namespace",
      "service",
      "port",
      "kind",
      "protocol",
      "address",
      "endpoint"),
  ENDPOINT_BYTES_TOTAL(
      "kubeipvs_endpoint_bytes_total",
      Type.COUNTER,
      "bytes",
      "bytes of a real server",
      "namespace",
      "service",
      "port",
      "kind",
      "protocol",
      "address",
      "endpoint",
      "direction"),
  ENDPOINT_CONNECTIONS(
      "kubeipvs_endpoint_connections",
      Type.GAUGE,
      "connections",
      "connections a real server has: active, inactive",
      "namespace",
      "service",
      "port",
      "kind",
      "protocol",
      "address",
      "endpoint",
      "state"),
  ENDPOINT_WEIGHT(
      "kubeipvs_endpoint_weight",
      Type.GAUGE,
      "weight",
      "weight of a real server; 0 drains",
      "namespace",
      "service",
      "port",
      "kind",
      "protocol",
      "address",
      "endpoint"),
  DETAIL_LEFT_OUT(
      "kubeipvs_detail_left_out",
      Type.GAUGE,
      "rows",
      "virtual services and real servers beyond --metrics-detail-limit, which are not shown one by one"),
  KERNEL_READ_SECONDS(
      "kubeipvs_kernel_read_seconds",
      Type.GAUGE,
      "seconds",
      "how long reading the kernel took for this answer"),
  NODE_IPVS_CONNECTIONS_TOTAL(
      "node_ipvs_connections_total", Type.COUNTER, "connections", "as node_exporter: connections"),
  NODE_IPVS_INCOMING_PACKETS_TOTAL(
      "node_ipvs_incoming_packets_total",
      Type.COUNTER,
      "packets",
      "as node_exporter: incoming packets"),
  NODE_IPVS_OUTGOING_PACKETS_TOTAL(
      "node_ipvs_outgoing_packets_total",
      Type.COUNTER,
      "packets",
      "as node_exporter: outgoing packets"),
  NODE_IPVS_INCOMING_BYTES_TOTAL(
      "node_ipvs_incoming_bytes_total", Type.COUNTER, "bytes", "as node_exporter: incoming bytes"),
  NODE_IPVS_OUTGOING_BYTES_TOTAL(
      "node_ipvs_outgoing_bytes_total", Type.COUNTER, "bytes", "as node_exporter: outgoing bytes"),
  NODE_IPVS_BACKEND_CONNECTIONS_ACTIVE(
      "node_ipvs_backend_connections_active",
      Type.GAUGE,
      "connections",
      "as node_exporter: active connections",
      "local_address",
      "local_port",
      "remote_address",
      "remote_port",
      "proto",
      "local_mark"),
  NODE_IPVS_BACKEND_CONNECTIONS_INACTIVE(
      "node_ipvs_backend_connections_inactive",
      Type.GAUGE,
      "connections",
      "as node_exporter: inactive connections",
      "local_address",
      "local_port",
      "remote_address",
      "remote_port",
      "proto",
      "local_mark"),
  NODE_IPVS_BACKEND_WEIGHT(
      "node_ipvs_backend_weight",
      Type.GAUGE,
      "weight",
      "as node_exporter: weight",
      "local_address",
      "local_port",
      "remote_address",
      "remote_port",
      "proto",
      "local_mark"),
  KUBE_ROUTER_CONTROLLER_IPVS_SERVICES(
      "kube_router_controller_ipvs_services",
      Type.GAUGE,
      "services",
      "as kube-router: virtual services"),
  KUBE_ROUTER_SERVICE_TOTAL_CONNECTIONS(
      "kube_router_service_total_connections",
      Type.COUNTER,
      "connections",
      "as kube-router: connections",
      "svc_namespace",
      "service_name",
      "service_vip",
      "protocol",
      "port"),
  KUBE_ROUTER_SERVICE_PACKETS_IN(
      "kube_router_service_packets_in",
      Type.COUNTER,
      "packets",
      "as kube-router: incoming packets",
      "svc_namespace",
      "service_name",
      "service_vip",
      "protocol",
      "port"),
  KUBE_ROUTER_SERVICE_PACKETS_OUT(
      "kube_router_service_packets_out",
      Type.COUNTER,
      "packets",
      "as kube-router: outgoing packets",
      "svc_namespace",
      "service_name",
      "service_vip",
      "protocol",
      "port"),
  KUBE_ROUTER_SERVICE_BYTES_IN(
      "kube_router_service_bytes_in",
      Type.COUNTER,
      "bytes",
      "as kube-router: incoming bytes",
      "svc_namespace",
      "service_name",
      "service_vip",
      "protocol",
      "port"),
  KUBE_ROUTER_SERVICE_BYTES_OUT(
      "kube_router_service_bytes_out",
      Type.COUNTER,
      "bytes",
      "as kube-router: outgoing bytes",
      "svc_namespace",
      "service_name",
      "service_vip",
      "protocol",
      "port"),
  KUBE_ROUTER_SERVICE_CPS(
      "kube_router_service_cps",
      Type.GAUGE,
      "connections per second",
      "as kube-router: new connections",
      "svc_namespace",
      "service_name",
      "service_vip",
      "protocol",
      "port"),
  KUBE_ROUTER_SERVICE_PPS_IN(
      "kube_router_service_pps_in",
      Type.GAUGE,
      "packets per second",
      "as kube-router: incoming packets",
      "svc_namespace",
      "service_name",
      "service_vip",
      "protocol",
      "port"),
  KUBE_ROUTER_SERVICE_PPS_OUT(
      "kube_router_service_pps_out",
      Type.GAUGE,
      "packets per second",
      "as kube-router: outgoing packets",
      "svc_namespace",
      "service_name",
      "service_vip",
      "protocol",
      "port"),
  KUBE_ROUTER_SERVICE_BPS_IN(
      "kube_router_service_bps_in",
      Type.GAUGE,
      "bytes per second",
      "as kube-router: incoming bytes",
      "svc_namespace",
      "service_name",
      "service_vip",
      "protocol",
      "port"),
  KUBE_ROUTER_SERVICE_BPS_OUT(
      "kube_router_service_bps_out",
      Type.GAUGE,
      "bytes per second",
      "as kube-router: outgoing bytes",
      "svc_namespace",
      "service_name",
      "service_vip",
      "protocol",
      "port");

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

  Metric(String fullName, Type type, String unit, String help, String... labels) {
    this.fullName = fullName;
    this.type = type;
    this.unit = unit;
    this.help = help;
    this.labels = List.of(labels);
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
