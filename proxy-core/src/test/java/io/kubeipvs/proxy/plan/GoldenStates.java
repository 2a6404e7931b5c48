package io.kubeipvs.proxy.plan;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.source.Manifest;
import io.kubeipvs.proxy.source.ManifestReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** States of a real kube-proxy: a directory for each scenario, and the node all were taken on. */
public final class GoldenStates {
  public static final NodeInfo NODE =
      new NodeInfo(
          "node1",
          List.of(IpAddress.of("10.0.2.15"), IpAddress.of("fd00:10::15")),
          "zone-a",
          List.of(IpPrefix.of("10.244.0.0/24")));

  /** All of the node's. */
  public static final List<IpAddress> ADDRESSES =
      Stream.of(
              "127.0.0.1",
              "::1",
              "10.0.2.15",
              "fd00:10::15",
              "fe80::1",
              "10.244.0.1",
              "fd00:10:244::1")
          .map(IpAddress::of)
          .toList();

  private GoldenStates() {}

  /** The directory of a version and mode: {@code kube-proxy-1.30-ipvs}. */
  public static Path of(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(GoldenStates.class.getResource("/golden/" + name)).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  public static List<Path> scenarios(Path states) throws IOException {
    try (Stream<Path> entries = Files.list(states)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    }
  }

  /** What kube-proxy was given; there must be nothing wrong with it. */
  public static Manifest manifest(Path file) throws IOException {
    Manifest manifest = ManifestReader.read(file.toString(), Files.readAllBytes(file));
    if (!manifest.problems().isEmpty()) {
      throw new IllegalArgumentException(manifest.problems().toString());
    }
    return manifest;
  }

  public static List<EndpointSlice> slices(Manifest manifest, Service service) {
    return manifest.slices().stream()
        .filter(slice -> slice.service().equals(service.name()))
        .toList();
  }

  /** The value of a flag, {@code --name=value}, among the arguments of a kube-proxy. */
  public static Optional<String> option(String arguments, String name) {
    return Stream.of(arguments.strip().split(" "))
        .filter(argument -> argument.startsWith(name + "="))
        .map(argument -> argument.substring(name.length() + 1))
        .findFirst();
  }
}
