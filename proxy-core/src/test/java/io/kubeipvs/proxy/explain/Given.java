package io.kubeipvs.proxy.explain;

import io.kubeipvs.net.IpAddress;
import java.util.Locale;

/** Services in few words. */
final class Given {
  private Given() {}

  /**
   * {@code default/web}, 10.96.0.10 and fd00:96::10, TCP and UDP port 80, served at 8080.
   *
   * @param fields further ones of its spec, each begun with a comma; behind {@code status:} more
   * @param endpoints {@code 10.244.0.5@node1}
   */
  static String web(String fields, String... endpoints) {
    return service("web", "10.96.0.10, \"fd00:96::10\"", 30080, fields, endpoints);
  }

  static String service(
      String name, String clusterIps, int nodePort, String fields, String... endpoints) {
    StringBuilder text = new StringBuilder();
    text.append("apiVersion: v1\nkind: Service\nmetadata: {name: ").append(name);
    text.append(", namespace: default}\nspec: {clusterIPs: [").append(clusterIps);
    text.append("], clusterIP: ").append(clusterIps.split(",", 2)[0]);
    int exposed = fields.contains("type:") ? nodePort : 0;
    text.append(", ports: [").append(port("TCP", exposed)).append(", ");
    text.append(port("UDP", exposed)).append("]").append(fields).append("}\n");
    for (boolean six : new boolean[] {false, true}) {
      text.append("---\n").append(slice(name, six, endpoints));
    }
    return text.toString();
  }

  private static String port(String protocol, int nodePort) {
    return "{name: %s, protocol: %s, port: 80, nodePort: %d}"
        .formatted(protocol.toLowerCase(Locale.ROOT), protocol, nodePort);
  }

  private static String slice(String service, boolean six, String... endpoints) {
    StringBuilder text = new StringBuilder();
    text.append("apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\naddressType: ");
    text.append(six ? "IPv6" : "IPv4").append("\nmetadata: {name: ").append(service);
    text.append(six ? "-6" : "-4").append(", labels: {kubernetes.io/service-name: ");
    text.append(service).append("}}\nports: [{name: tcp, port: 8080, protocol: TCP}, ");
    text.append("{name: udp, port: 8080, protocol: UDP}]\nendpoints:\n");
    boolean any = false;
    for (String endpoint : endpoints) {
      String[] parts = endpoint.split("@", -1);
      boolean isSix = IpAddress.of(parts[0]).toString().contains(":");
      if (isSix == six) {
        any = true;
        text.append("- {addresses: [\"").append(parts[0]).append("\"], nodeName: ");
        text.append(parts[1]).append(", targetRef: {kind: Pod, name: pod-");
        text.append(parts[0].replace(':', '-')).append("}}\n");
      }
    }
    return any ? text.toString() : text.toString().replace("endpoints:\n", "endpoints: []\n");
  }
}
