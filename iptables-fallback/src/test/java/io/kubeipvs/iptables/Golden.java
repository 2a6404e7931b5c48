package io.kubeipvs.iptables;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** What real tools printed; each file's first line says which command made it. */
final class Golden {
  private static final List<String> SAVES =
      List.of(
          "spellings-legacy",
          "spellings-nft",
          "kube-proxy-1.30.5/ipvs-loadbalancer",
          "kube-proxy-1.30.5/ipvs-source-ranges",
          "kube-proxy-1.30.5/ipvs-ipv6",
          "kube-proxy-1.30.5/ipvs-external-ips",
          "kube-proxy-1.30.5/ipvs-sctp",
          "kube-proxy-1.30.5/iptables-local",
          "kube-proxy-1.30.5/iptables-ipv6",
          "kube-proxy-1.30.5/iptables-no-localhost");

  private Golden() {}

  static List<String> saves() {
    return SAVES;
  }

  static String save(String name) {
    return text(name + ".save");
  }

  static Family family(String name) {
    return name.endsWith("ipv6") ? Family.IPV6 : Family.IPV4;
  }

  static String text(String name) {
    try (InputStream in = Golden.class.getResourceAsStream("/golden/" + name)) {
      return new String(
          Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without remarks and counters, which {@link SavedRules#text} does not print as they were. */
  static String bare(String save) {
    StringBuilder out = new StringBuilder();
    save.lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.startsWith(":") ? line.replaceAll(" \\[.*", "") : line)
        .forEach(line -> out.append(line).append('\n'));
    return out.toString();
  }
}
