package io.kubeipvs.proxy.check.facts;

import io.kubeipvs.proxy.config.SysctlFiles;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

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

  private final SysctlFiles files;

  SettingFiles(SysctlFiles files) {
    this.files = files;
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

  /** As the proxy and {@code --fix} would set them. */
  boolean isWritable() {
    return files.isWritable("net/ipv4/ip_forward");
  }

  private List<String> names(String directory) {
    try {
      return files.names(directory);
    } catch (IOException e) {
      return List.of(); // there is no such part of the kernel
    }
  }

  private void put(String key, SortedMap<String, String> values) {
    try {
      values.put(key, files.read(key));
    } catch (IOException e) {
      // not there, or not to be read
    }
  }
}
