package io.kubeipvs.e2e;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.util.List;
import java.util.stream.Stream;

/**
 * A Service with what {@link ServiceManifest} has no words for: node ports, load balancer IPs,
 * annotations; {@link #toString} is its YAML.
 */
record ExposedManifest(
    ServiceManifest service, List<String> ports, List<String> ingress, List<String> annotations) {

  ExposedManifest {
    ports = List.copyOf(ports);
    ingress = List.copyOf(ingress);
    annotations = List.copyOf(annotations);
  }

  static ExposedManifest of(String type, String name, IpAddress... clusterIps) {
    ServiceManifest service = ServiceManifest.of(name, clusterIps).with("type: " + type);
    return new ExposedManifest(service, List.of(), List.of(), List.of());
  }

  /** A port that is named as its protocol, without a node port. */
  ExposedManifest port(Protocol protocol, int port) {
    return port(protocol, port, 0);
  }

  ExposedManifest port(Protocol protocol, int port, int nodePort) {
    String text =
        "{name: %s, protocol: %s, port: %d, nodePort: %d}"
            .formatted(protocol.lowerCaseName(), protocol, port, nodePort);
    return new ExposedManifest(service, and(ports, text), ingress, annotations);
  }

  ExposedManifest created(String time) {
    return new ExposedManifest(service.created(time), ports, ingress, annotations);
  }

  /** A further line of {@code spec}. */
  ExposedManifest with(String line) {
    return new ExposedManifest(service.with(line), ports, ingress, annotations);
  }

  ExposedManifest ingress(IpAddress address) {
    return ingress(address, "VIP");
  }

  ExposedManifest ingress(IpAddress address, String mode) {
    String text = "{ip: \"%s\", ipMode: %s}".formatted(address, mode);
    return new ExposedManifest(service, ports, and(ingress, text), annotations);
  }

  ExposedManifest annotation(String name, String value) {
    String text = "kube-ipvs.io/%s: \"%s\"".formatted(name, value);
    return new ExposedManifest(service, ports, ingress, and(annotations, text));
  }

  private static List<String> and(List<String> list, String item) {
    return Stream.concat(list.stream(), Stream.of(item)).toList();
  }

  @Override
  public String toString() {
    String metadata = "metadata: {";
    String annotated = "metadata: {annotations: {" + String.join(", ", annotations) + "}, ";
    String text = service.with("ports: " + ports).toString().replace(metadata, annotated);
    return text + "status: {loadBalancer: {ingress: " + ingress + "}}\n";
  }
}
