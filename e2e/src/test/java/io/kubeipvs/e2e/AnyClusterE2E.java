package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.testing.RequiresKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The daemon at an API server: the one of the kubeconfig in the property {@code
 * kubeipvs.kubeconfig}, or a stand-in. What is needed is made there in a namespace of its own,
 * which goes at the end. Services have no pods: what is looked at is the kernel's table.
 */
@IpvsOnly("reads the table of IPVS to see what came from the API")
@RequiresKernel({"ip_vs", "ip_vs_rr", "ip_set"})
final class AnyClusterE2E {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String CLIENT = "io.kubeipvs.proxy.source.kubernetes.ApiClient";
  private static final Pattern CLUSTER_IP = Pattern.compile("\"clusterIP\": *\"([^\"]+)\"");
  private static final Pattern SERVER = Pattern.compile("-r (\\S+) .*-w 1");
  private static final String EVENTS = "/apis/events.k8s.io/v1";
  private static final String SLICES = "/apis/discovery.k8s.io/v1";
  private static final String CORE = "/api/v1";

  private final String namespace = "kube-ipvs-e2e-" + Long.toHexString(System.nanoTime());
  private @Nullable Cluster cluster;
  private @Nullable Node node;
  private @Nullable ApiProcess standIn;
  private @Nullable LineProcess client;
  private @Nullable Daemon daemon;
  private String kubeconfig = System.getProperty("kubeipvs.kubeconfig", "");
  @TempDir Path scratch = Path.of("");

  @BeforeEach
  void connect() throws IOException {
    if (kubeconfig.isEmpty()) {
      cluster = Cluster.create();
      node = cluster.addNode();
      Path manifests = Files.createDirectory(scratch.resolve("manifests"));
      standIn = ApiProcess.start(node, manifests, scratch);
      kubeconfig = kubeconfig(standIn.address());
    }
    client = LineProcess.start(inside(ApiProcess.java(CLIENT, kubeconfig)));
    ask("POST", CORE + "/namespaces", "{\"metadata\":{\"name\":\"" + namespace + "\"}}");
  }

  private String kubeconfig(String server) throws IOException {
    Path file = scratch.resolve("kubeconfig");
    Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        current-context: it
        contexts: [{name: it, context: {cluster: it, user: it}}]
        clusters: [{name: it, cluster: {server: "%s"}}]
        users: [{name: it, user: {token: secret}}]
        """
            .formatted(server));
    return file.toString();
  }

  private List<String> inside(List<String> command) {
    return node == null ? command : node.namespace().command(command);
  }

  @AfterEach
  void leaveNothing() {
    try {
      if (daemon != null) {
        assertThat(daemon.terminate()).as("exit code").isZero();
        daemon.close();
      }
      Output.of(inside(List.of(Daemon.launcher().toString(), "cleanup")).toArray(String[]::new));
    } finally {
      if (client != null) {
        ask("DELETE", CORE + "/namespaces/" + namespace, "");
        client.close();
      }
      if (standIn != null) {
        standIn.close();
      }
      if (cluster != null) {
        cluster.close();
      }
    }
  }

  @Test
  void whatTheApiHoldsIsInTheKernel() {
    String http = "{\"name\":\"http\",\"port\":80,\"protocol\":\"TCP\",\"targetPort\":8080}";
    create("web", "{\"ports\":[" + http + "]}", "");
    slice("POST", "web", "192.0.2.101", "192.0.2.102");
    daemon = start("run", "--kubeconfig=" + kubeconfig, "--hostname-override=kube-ipvs-e2e");
    String web = clusterIp("web");
    awaitServers(web, "192.0.2.101", "192.0.2.102");

    slice("PUT", "web", "192.0.2.102", "192.0.2.103", "192.0.2.104");
    awaitServers(web, "192.0.2.102", "192.0.2.103", "192.0.2.104");

    // One whose annotation is wrong: it is served, and an event tells of it.
    create("late", "{\"ports\":[" + http + "]}", "\"kube-ipvs.io/drain-timeout\":\"soon\"");
    slice("POST", "late", "192.0.2.110");
    awaitServers(clusterIp("late"), "192.0.2.110");
    String events = EVENTS + "/namespaces/" + namespace + "/events";
    Await.until(
        PATIENCE,
        () -> ask("GET", events, "").contains("\"InvalidField\""),
        () -> ask("GET", events, ""));

    ask("DELETE", CORE + "/namespaces/" + namespace + "/services/web", "");
    ask("DELETE", SLICES + "/namespaces/" + namespace + "/endpointslices/web-1", "");
    Await.until(PATIENCE, () -> !table().contains(web + ":80 "), this::table);
  }

  private Daemon start(String... arguments) {
    return node == null ? Daemon.startHere(arguments) : Daemon.start(node, arguments);
  }

  private void create(String name, String spec, String annotations) {
    ask(
        "POST",
        CORE + "/namespaces/" + namespace + "/services",
        "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"%s\",\"annotations\":{%s}},\"spec\":%s}"
            .formatted(name, annotations, spec));
  }

  private void slice(String method, String service, String... addresses) {
    StringBuilder endpoints = new StringBuilder();
    for (String address : addresses) {
      endpoints.append(endpoints.isEmpty() ? "" : ",");
      endpoints
          .append("{\"addresses\":[\"")
          .append(address)
          .append("\"],\"conditions\":{\"ready\":true}}");
    }
    String all = SLICES + "/namespaces/" + namespace + "/endpointslices";
    ask(
        method,
        method.equals("PUT") ? all + "/" + service + "-1" : all,
        """
        {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"%s-1",\
        "labels":{"kubernetes.io/service-name":"%s"}},"addressType":"IPv4",\
        "ports":[{"name":"http","protocol":"TCP","port":8080}],"endpoints":[%s]}"""
            .formatted(service, service, endpoints));
  }

  private String clusterIp(String service) {
    Matcher address =
        CLUSTER_IP.matcher(
            ask("GET", CORE + "/namespaces/" + namespace + "/services/" + service, ""));
    assertThat(address.find()).isTrue();
    return address.group(1);
  }

  /** What it answers; anything but success fails. */
  private String ask(String method, String path, String body) {
    if (client == null) {
      throw new IllegalStateException("not connected");
    }
    String answer = client.ask(method + " " + path + " " + body);
    assertThat(answer).as(method + " " + path).startsWith("200");
    return answer;
  }

  private void awaitServers(String clusterIp, String... addresses) {
    Set<String> expected = new TreeSet<>();
    for (String address : addresses) {
      expected.add(address + ":8080");
    }
    Await.until(
        PATIENCE,
        () -> servers(clusterIp).equals(expected),
        () -> table() + (daemon == null ? "" : daemon.log()));
  }

  private Set<String> servers(String clusterIp) {
    Set<String> servers = new TreeSet<>();
    table()
        .lines()
        .filter(line -> line.startsWith("-a -t " + clusterIp + ":80 "))
        .map(SERVER::matcher)
        .filter(Matcher::find)
        .forEach(server -> servers.add(server.group(1)));
    return servers;
  }

  private String table() {
    return Output.of(inside(List.of("ipvsadm", "-S", "-n")).toArray(String[]::new))
        .orFail()
        .stdout();
  }
}
