package io.kubeipvs.e2e.bench;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.IntStream;

/** A directory with a file for each Service, its EndpointSlice in it too. */
final class ManifestFiles {
  private static final String HEAD =
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: service-%1$d
        namespace: default
        uid: 00000000-0000-4000-8000-%1$012d
        resourceVersion: "%1$d"
        creationTimestamp: "2026-01-01T00:00:00Z"
        labels:
          app: service-%1$d
      spec:
        type: ClusterIP
        clusterIP: %2$s
        clusterIPs:
        - %2$s
        internalTrafficPolicy: Cluster
        ipFamilies:
        - IPv4
        ipFamilyPolicy: SingleStack
        ports:
        - name: http
          port: 80
          protocol: TCP
          targetPort: 8080
        selector:
          app: service-%1$d
        sessionAffinity: None
      ---
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata:
        name: service-%1$d-abcde
        namespace: default
        labels:
          kubernetes.io/service-name: service-%1$d
      addressType: IPv4
      ports:
      - name: http
        port: 8080
        protocol: TCP
      endpoints:
      """;

  private static final String ENDPOINT =
      """
      - addresses:
        - %s
        conditions:
          ready: true
          serving: true
          terminating: false
        nodeName: node-%d
      """;

  private final Path directory;
  private final Path aside;
  private final int services;
  private final int serversEach;

  private ManifestFiles(Path directory, Path aside, int services, int serversEach) {
    this.directory = directory;
    this.aside = aside;
    this.services = services;
    this.serversEach = serversEach;
  }

  static ManifestFiles write(Path scratch, int services, int serversEach) throws IOException {
    Path directory = Files.createTempDirectory(scratch, "manifests");
    Path aside = Files.createTempDirectory(scratch, "aside").resolve("new");
    ManifestFiles files = new ManifestFiles(directory, aside, services, serversEach);
    for (int i = 0; i < services; i++) {
      files.prepare(i, serversEach);
      files.publish(i);
    }
    return files;
  }

  String directory() {
    return directory.toString();
  }

  int services() {
    return services;
  }

  int serversEach() {
    return serversEach;
  }

  /** What the kernel's table then shows. */
  long ipvsLines() {
    return (long) services * (1 + serversEach);
  }

  ServiceKey key(int service) {
    return ServiceKey.of(Protocol.TCP, Workloads.vip(service), 80);
  }

  /** Writes the service's next file, with that many endpoints, outside the directory. */
  void prepare(int service, int endpoints) throws IOException {
    StringBuilder text = new StringBuilder(HEAD.formatted(service, Workloads.vip(service)));
    IntStream.range(0, endpoints)
        .forEach(i -> text.append(ENDPOINT.formatted(endpoint(service, i), i)));
    Files.writeString(aside, text);
  }

  /** A service's endpoints stay below 32. */
  static IpAddress endpoint(int service, int number) {
    return Workloads.pod(service * 32 + number);
  }

  /** The directory has what was prepared, from one moment to the next. */
  void publish(int service) throws IOException {
    Path file = directory.resolve("service-%05d.yaml".formatted(service));
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
