package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What load balancers, kubelet and Prometheus ask the daemon, over the network. */
@IpvsOnly("reads the figures of IPVS; FallbackE2E reads the pages in iptables mode")
final class ServersE2E extends ExposedScenario {
  private static final int HEALTH_CHECK_PORT = 31_999;
  private static final String METRICS = "http://127.0.0.1:10249";
  private static final String STATUS_ONLY = "%{http_code}";

  @Test
  void healthMetricsAndHealthCheckPortsAreServed() {
    serve(local(), a, c);
    Daemon daemon = start("--metrics-names=node-exporter,kube-router");
    awaitServers(node1.addresses().v4(), NODE_PORT, a);

    daemon.awaitLog(PATIENCE, log -> log.contains("metrics: listening on port"));
    proxyIsHealthy();
    awaitCode(healthCheckUrl(AddressFamily.IPV4), "200");
    for (AddressFamily family : AddressFamily.values()) {
      healthCheckSays(family, 200, 1);
    }
    metricsAreRight(daemon);
    statusPageIsServed();
    conflictingPortIsReportedNotFatal();

    serve(local(), c);
    awaitCode(healthCheckUrl(AddressFamily.IPV4), "503");
    healthCheckSays(AddressFamily.IPV6, 503, 0);
    serve(local(), a, b, c);
    awaitCode(healthCheckUrl(AddressFamily.IPV4), "200");
    healthCheckSays(AddressFamily.IPV4, 200, 2);

    serve(web("NodePort"), a, b, c);
    awaitCode(healthCheckUrl(AddressFamily.IPV4), "000");
    nodeThatIsAboutToGoIsNotEligible();
  }

  private static ExposedManifest local() {
    return web("LoadBalancer")
        .with("externalTrafficPolicy: Local")
        .with("healthCheckNodePort: " + HEALTH_CHECK_PORT)
        .ingress(OUTER);
  }

  private void proxyIsHealthy() {
    String time = "\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?Z\"";
    String ofFamily = "\\{\"lastUpdated\":" + time + ",\"healthy\":true}";
    String status = ",\"status\":\\{\"IPv4\":" + ofFamily + ",\"IPv6\":" + ofFamily + "}}";
    String times = "\\{\"lastUpdated\":" + time + ",\"currentTime\":" + time;
    String health = "http://" + node1.addresses().v4() + ":10256";
    assertThat(get(client, health + "/healthz"))
        .matches(times + ",\"nodeEligible\":true,\"healthy\":true" + status);
    assertThat(get(client, health + "/livez")).matches(times + ",\"healthy\":true" + status);
    assertThat(headers(client, health + "/livez"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("\r\nContent-Type: application/json\r\nX-Content-Type-Options: nosniff\r\n");
    assertThat(get(client, "http://[" + node1.addresses().v6() + "]:10256/livez"))
        .contains("\"healthy\":true");
    assertThat(get(node1, METRICS + "/proxyMode")).isEqualTo("ipvs");
    assertThat(get(node1, METRICS + "/healthz")).isEqualTo("ok");
    assertThat(get(node1, METRICS + "/configz")).startsWith("{\"kubeproxy.config.k8s.io\":{");
  }

  private void healthCheckSays(AddressFamily family, int code, int endpoints) {
    String url = healthCheckUrl(family);
    assertThat(headers(client, url))
        .startsWith("HTTP/1.1 " + code + " ")
        .contains(
            "\r\nContent-Type: application/json\r\n"
                + "X-Content-Type-Options: nosniff\r\n"
                + "X-Load-Balancing-Endpoint-Weight: "
                + endpoints
                + "\r\n");
    assertThat(get(client, url))
        .isEqualTo(
            "{\n\t\"service\": {\n\t\t\"namespace\": \"default\",\n\t\t\"name\": \"web\"\n\t},\n"
                + "\t\"localEndpoints\": "
                + endpoints
                + ",\n\t\"serviceProxyHealthy\": true\n}");
  }

  private void metricsAreRight(Daemon daemon) {
    int requests = 25;
    IpAddress vip = VIP;
    Answers answers = asker.request(fresh(Protocol.TCP, vip, PORT, requests));
    assertThat(answers.failures()).isEmpty();
    String service = "kubeipvs_service_connections_total\\{[^}]*protocol=\"TCP\",address=\"" + vip;
    // The kernel adds its counters up every two seconds.
    Await.until(
        PATIENCE,
        () -> value(get(node1, METRICS + "/metrics"), service + ":80\"}") == requests,
        this::daemonLog);
    String text = get(node1, METRICS + "/metrics");
    assertThat(
            value(
                text,
                "kube_router_service_total_connections\\{svc_namespace=\"default\",service_name=\"web\","
                    + "service_vip=\"%s\",protocol=\"tcp\",port=\"80\"}".formatted(vip)))
        .isEqualTo(requests);
    assertThat(value(text, "node_ipvs_connections_total")).isGreaterThanOrEqualTo(requests);
    assertThat(value(text, "kubeipvs_services_foreign")).isEqualTo(1);
    assertThat(value(text, "kubeipvs_services_programmed"))
        .isEqualTo(value(text, "kubeipvs_services_desired"));
    assertThat(value(text, "kubeipvs_servers_programmed"))
        .isEqualTo(value(text, "kubeipvs_servers_desired"));
    assertThat(value(text, "kubeipvs_ipset_entries\\{set=\"KUBE-CLUSTER-IP\"}")).isEqualTo(2);
    assertThat(
            value(text, "kubeproxy_sync_proxy_rules_duration_seconds_count\\{ip_family=\"IPv4\",}"))
        .isPositive();
    assertThat(value(text, "kubeproxy_proxy_livez_total\\{code=\"200\",}")).isEqualTo(3);
    assertThat(value(text, "process_resident_memory_bytes")).isPositive();
    assertThat(value(text, "go_goroutines")).isPositive();
    String most = node1.run("sysctl", "-n", "net.netfilter.nf_conntrack_max").orFail().stdout();
    assertThat(value(text, "kubeipvs_conntrack_max_entries")).isEqualTo(Double.parseDouble(most));
    assertThat(value(text, "kubeipvs_netlink_errors_total\\{protocol=\"generic\",}")).isZero();
    assertThat(value(text, "kubeipvs_netlink_batches_total\\{protocol=\"generic\",}")).isPositive();
    for (String line : text.lines().toList()) {
      assertThat(line).matches("# (HELP|TYPE) .*|[a-z_]+(\\{.*})? (-?[0-9.]+(E-?[0-9]+)?|NaN)");
    }
    figure("RSS with servers", value(text, "process_resident_memory_bytes") / (1 << 20) + " MiB");
    figure("one scrape", value(text, "kubeipvs_kernel_read_seconds") + " s in the kernel");
    assertThat(daemon.isRunning()).isTrue();
  }

  private void statusPageIsServed() {
    assertThat(headers(node1, METRICS + "/"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("\r\nContent-Security-Policy: default-src 'none'; ")
        .contains("<title>kube-ipvs</title>");
    assertThat(get(node1, METRICS + "/debug/state?search=web+" + a.v4()))
        .contains("\"mode\":\"ipvs\"", "\"service\":\"web\"", "\"serving\":1");
    assertThat(get(node1, METRICS + "/debug/history")).contains("\"reason\":\"first sync\"");
  }

  /** The daemon's own ports are taken by it: another Service cannot have them. */
  private void conflictingPortIsReportedNotFatal() {
    String other =
        web("LoadBalancer")
            .with("externalTrafficPolicy: Local")
            .with("healthCheckNodePort: 10256")
            .toString()
            .replace("name: web,", "name: taken,")
            .replace(VIP.toString(), "10.96.2.11")
            .replace(VIP_V6.toString(), "fd00:96::2:11")
            .replace("" + NODE_PORT, "" + (NODE_PORT + 1));
    write("taken.yaml", other);
    awaitEvent("taken", "FailedToStartServiceHealthcheck");
    assertThat(get(client, "http://" + node1.addresses().v4() + ":10256/livez"))
        .contains("\"healthy\":true");
  }

  private void nodeThatIsAboutToGoIsNotEligible() {
    write(
        "node.yaml",
        """
        apiVersion: v1
        kind: Node
        metadata: {name: %s}
        spec: {taints: [{key: ToBeDeletedByClusterAutoscaler, effect: NoSchedule}]}
        status: {addresses: [{type: InternalIP, address: %s}]}
        """
            .formatted(node1.name(), node1.addresses().v4()));
    String health = "http://" + node1.addresses().v4() + ":10256";
    awaitCode(health + "/healthz", "503");
    assertThat(get(client, health + "/healthz"))
        .contains("\"nodeEligible\":false,\"healthy\":true");
    assertThat(code(client, health + "/livez")).isEqualTo("200");
  }

  @Test
  void addressThatIsTakenIsFatalWhereThatWasAskedFor() {
    Daemon first = start();
    Await.until(
        PATIENCE,
        () -> code(client, "http://" + node1.addresses().v4() + ":10256/livez").equals("200"),
        first::log);
    String[] flags = {"run", "--manifests", manifests().toString(), "--bind-address-hard-fail"};
    Daemon second = Daemon.start(node1, flags);
    try {
      assertThat(second.awaitEnd()).isEqualTo(1);
      assertThat(second.log())
          .contains("failed to start healthz")
          .contains("Address already in use");
    } finally {
      second.close();
    }
    Daemon third =
        Daemon.start(
            node1,
            "run",
            "--manifests",
            manifests().toString(),
            "--metrics-bind-address",
            "127.0.0.1:10250");
    try {
      third.awaitLog(PATIENCE, log -> log.contains("failed to start healthz"));
      assertThat(first.terminate()).isZero();
      third.awaitLog(PATIENCE, log -> log.contains("healthz: listening on port 10256"));
      assertThat(third.terminate()).isZero();
    } finally {
      third.close();
    }
  }

  private String healthCheckUrl(AddressFamily family) {
    return "http://" + node1.addresses().of(family).withPort(HEALTH_CHECK_PORT) + "/";
  }

  private void awaitCode(String url, String expected) {
    Await.until(PATIENCE, () -> code(client, url).equals(expected), this::daemonLog);
  }

  private static String code(Host from, String url) {
    return from.run("curl", "-sg", "-m", "5", "-o", "/dev/null", "-w", STATUS_ONLY, url).stdout();
  }

  private static String get(Host from, String url) {
    return from.run("curl", "-sg", "-m", "20", url).orFail().stdout();
  }

  private static String headers(Host from, String url) {
    return from.run("curl", "-sgi", "-m", "20", url).orFail().stdout();
  }

  /** The first sample that the pattern describes. */
  private static double value(String text, String pattern) {
    Matcher found = Pattern.compile("(?m)^" + pattern + " (\\S+)$").matcher(text);
    if (!found.find()) {
      throw new AssertionError(pattern + " is not in\n" + text);
    }
    return Double.parseDouble(found.group(1));
  }
}
