package io.kubeipvs.proxy.check.facts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The settings that matter, from {@code /proc/sys}. */
final class SettingFiles {
  private static final List<String> KEYS =
      List.of(
          "net/ipv4/ip_forward",
          "net/ipv4/ip_local_port_range",
          "net/ipv4/ip_local_reserved_ports",
          "net/ipv4/conf/all/arp_ignore",
          "net/ipv4/conf/all/arp_announce",
          "net/ipv4/conf/all/rp_filter",
          "net/ipv4/conf/all/route_localnet",
          "net/ipv6/conf/all/forwarding",
          "net/bridge/bridge-nf-call-iptables",
          "net/netfilter/nf_conntrack_count",
          "net/netfilter/nf_conntrack_max");

  private final Path root;

  SettingFiles(Path root) {
    this.root = root.resolve("proc/sys");
  }

  Sysctls read() {
    SortedMap<String, String> values = new TreeMap<>();
    KEYS.forEach(key -> put(key, values));
    names("net/ipv4/vs").forEach(name -> put("net/ipv4/vs/" + name, values));
    for (String name : names("net/ipv6/conf")) {
      if (!List.of("all", "default", "lo").contains(name)) {
        put("net/ipv6/conf/" + name + "/accept_ra", values);
      }
    }
    return new Sysctls(values);
  }

  boolean isWritable() {
    return Files.isWritable(root.resolve("net/ipv4/ip_forward"));
  }

  private List<String> names(String directory) {
    try (Stream<Path> entries = Files.list(root.resolve(directory))) {
      return entries.map(entry -> String.valueOf(entry.getFileName())).sorted().toList();
    } catch (IOException e) {
      return List.of(); // there is no such part of the kernel
    }
  }

  private void put(String key, SortedMap<String, String> values) {
    try {
      byte[] bytes = Files.readAllBytes(root.resolve(key));
      values.put(key, new String(bytes, StandardCharsets.ISO_8859_1).strip());
    } catch (IOException e) {
      // not there, or not to be read
    }
  }
}
