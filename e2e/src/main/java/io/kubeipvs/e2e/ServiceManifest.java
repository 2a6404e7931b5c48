package io.kubeipvs.e2e;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.util.ArrayList;
import java.util.List;

/**
 * A Service; {@link #toString} is its YAML.
 *
 * @param created {@code metadata.creationTimestamp}; the older of two that ask for the same wins
 * @param more further lines of {@code spec}, as they are: {@code sessionAffinity: ClientIP}
 */
public record ServiceManifest(
    String name,
    String created,
    List<IpAddress> clusterIps,
    List<ManifestPort> ports,
    List<String> more) {
  private static final String CREATED = "2026-01-01T00:00:00Z";

  public ServiceManifest {
    clusterIps = List.copyOf(clusterIps);
    ports = List.copyOf(ports);
    more = List.copyOf(more);
  }

  /** A Service without ports yet, in the namespace {@code default}. */
  public static ServiceManifest of(String name, IpAddress... clusterIps) {
    return new ServiceManifest(name, CREATED, List.of(clusterIps), List.of(), List.of());
  }

  public ServiceManifest port(String name, Protocol protocol, int number) {
    ManifestPort port = new ManifestPort(name, protocol, number);
    return new ServiceManifest(this.name, created, clusterIps, and(ports, port), more);
  }

  public ServiceManifest created(String time) {
    return new ServiceManifest(name, time, clusterIps, ports, more);
  }

  public ServiceManifest with(String line) {
    return new ServiceManifest(name, created, clusterIps, ports, and(more, line));
  }

  private static <T> List<T> and(List<T> list, T item) {
    List<T> all = new ArrayList<>(list);
    all.add(item);
    return all;
  }

  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: %s, namespace: default, creationTimestamp: "%s"}
            spec:
            """
                .formatted(name, created));
    if (!clusterIps.isEmpty()) {
      List<String> quoted = clusterIps.stream().map(address -> "\"" + address + "\"").toList();
      text.append("  clusterIP: ").append(quoted.get(0)).append('\n');
      text.append("  clusterIPs: ").append(quoted).append('\n');
    }
    if (!ports.isEmpty()) {
      text.append("  ports:\n").append(ManifestPort.yaml(ports, "  "));
    }
    more.forEach(line -> text.append("  ").append(line).append('\n'));
    return text.toString();
  }
}
