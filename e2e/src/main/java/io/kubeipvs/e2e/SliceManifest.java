package io.kubeipvs.e2e;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An EndpointSlice; {@link #toString} is its YAML. */
public record SliceManifest(
    String service, AddressFamily family, List<ManifestPort> ports, List<Backend> backends) {
  public static final String READY = "{ready: true, serving: true, terminating: false}";
  public static final String NOT_READY = "{ready: false, serving: false, terminating: false}";

  /** On its way out and still answering. */
  public static final String TERMINATING = "{ready: false, serving: true, terminating: true}";

  /** On its way out, and no longer answering. */
  public static final String ENDING = "{ready: false, serving: false, terminating: true}";

  /** An item of {@code endpoints}. */
  record Backend(IpAddress address, String node, String conditions) {
    String yaml() {
      return "- {addresses: [\"%s\"], nodeName: %s, conditions: %s}%n"
          .formatted(address, node, conditions);
    }
  }

  public SliceManifest {
    ports = List.copyOf(ports);
    backends = List.copyOf(backends);
  }

  /** The slice of that family of a Service in the namespace {@code default}. */
  public static SliceManifest of(String service, AddressFamily family) {
    return new SliceManifest(service, family, List.of(), List.of());
  }

  public SliceManifest port(String name, Protocol protocol, int number) {
    List<ManifestPort> all = new ArrayList<>(ports);
    all.add(new ManifestPort(name, protocol, number));
    return new SliceManifest(service, family, all, backends);
  }

  public SliceManifest backend(IpAddress address, String node, String conditions) {
    List<Backend> all = new ArrayList<>(backends);
    all.add(new Backend(address, node, conditions));
    return new SliceManifest(service, family, ports, all);
  }

  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata:
              name: %s-%s
              namespace: default
              labels: {kubernetes.io/service-name: %s}
            addressType: %s
            """
                .formatted(service, type().toLowerCase(Locale.ROOT), service, type()));
    text.append(ports.isEmpty() ? "ports: []\n" : "ports:\n");
    text.append(ManifestPort.yaml(ports, ""));
    text.append(backends.isEmpty() ? "endpoints: []\n" : "endpoints:\n");
    backends.forEach(backend -> text.append(backend.yaml()));
    return text.toString();
  }

  private String type() {
    return switch (family) {
      case IPV4 -> "IPv4";
      case IPV6 -> "IPv6";
    };
  }
}
