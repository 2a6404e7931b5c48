package io.kubeipvs.proxy.inspect;

import io.kubeipvs.netlink.KernelFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the kernel says of itself in files. */
public final class SystemFiles {
  /** Those that decide what becomes of a packet, or how much there may be of something. */
  private static final List<String> SYSCTLS =
      List.of(
          "net/ipv4/ip_forward",
          "net/ipv6/conf/all/forwarding",
          "net/ipv4/conf/all/route_localnet",
          "net/ipv4/conf/all/rp_filter",
          "net/ipv4/conf/default/rp_filter",
          "net/ipv4/conf/all/arp_ignore",
          "net/ipv4/conf/all/arp_announce",
          "net/bridge/bridge-nf-call-iptables",
          "net/bridge/bridge-nf-call-ip6tables",
          "net/ipv4/vs/conntrack",
          "net/ipv4/vs/conn_reuse_mode",
          "net/ipv4/vs/expire_nodest_conn",
          "net/ipv4/vs/expire_quiescent_template",
          "net/ipv4/vs/snat_reroute",
          "net/ipv4/vs/drop_entry",
          "net/ipv4/vs/drop_packet",
          "net/ipv4/vs/sloppy_tcp",
          "net/ipv4/vs/sloppy_sctp",
          "net/ipv4/vs/bridge",
          "net/ipv4/vs/run_estimation",
          "net/netfilter/nf_conntrack_max",
          "net/netfilter/nf_conntrack_count",
          "net/netfilter/nf_conntrack_buckets",
          "net/netfilter/nf_conntrack_tcp_be_liberal",
          "net/netfilter/nf_conntrack_tcp_timeout_established",
          "net/netfilter/nf_conntrack_tcp_timeout_close_wait",
          "net/netfilter/nf_conntrack_udp_timeout",
          "net/netfilter/nf_conntrack_udp_timeout_stream");

  private static final Pattern MODULE = Pattern.compile("(?:^|/)ip_vs_([a-z]+)\\.ko");

  /** Parts of IPVS that are no schedulers. */
  private static final List<String> OTHER_MODULES = List.of("ftp", "pe", "sip");

  private final Path root;

  public SystemFiles() {
    this(Path.of("/"));
  }

  SystemFiles(Path root) {
    this.root = root;
  }

  /** Empty where it cannot be read. */
  public String release() {
    return line(root.resolve("proc/sys/kernel/osrelease"));
  }

  public boolean hasIpv6() {
    return Files.exists(root.resolve("proc/net/if_inet6"));
  }

  SortedMap<String, String> sysctls() {
    SortedMap<String, String> values = new TreeMap<>();
    for (String name : SYSCTLS) {
      Path file = root.resolve("proc/sys").resolve(name);
      if (Files.isReadable(file)) {
        values.put(name, line(file));
      }
    }
    addInterfaces(values);
    return values;
  }

  /** Of single interfaces; only where they are not 0, for there may be hundreds. */
  private static final List<String> OF_INTERFACES = List.of("rp_filter", "route_localnet");

  private void addInterfaces(SortedMap<String, String> values) {
    Path conf = root.resolve("proc/sys/net/ipv4/conf");
    try (Stream<Path> interfaces = Files.list(conf)) {
      for (Path each : interfaces.toList()) {
        for (String setting : OF_INTERFACES) {
          String value = line(each.resolve(setting));
          if (!value.isEmpty() && !value.equals("0")) {
            values.put("net/ipv4/conf/" + each.getFileName() + "/" + setting, value);
          }
        }
      }
    } catch (IOException e) {
      // There is no IPv4, or no /proc: then nothing of it is known, as of all others.
      return;
    }
  }

  /** Sockets that listen. */
  List<Listener> listeners() throws IOException {
    return ListeningSockets.read(root.resolve("proc/net"));
  }

  /** Whom {@code -m recent} remembers; nobody where no rule uses it. */
  List<RecentClient> recentClients() throws IOException {
    return new RecentLists(root.resolve("proc")).read();
  }

  /** Names of IPVS's schedulers that are there or could be loaded. */
  List<String> schedulers() throws IOException {
    TreeSet<String> names = new TreeSet<>();
    Path modules = root.resolve("lib/modules").resolve(release());
    for (String list : List.of("modules.dep", "modules.builtin")) {
      for (String line : Files.readAllLines(modules.resolve(list), StandardCharsets.UTF_8)) {
        Matcher module = MODULE.matcher(line.split(":", 2)[0]);
        if (module.find()) {
          names.add(module.group(1));
        }
      }
    }
    try (Stream<Path> loaded = Files.list(root.resolve("sys/module"))) {
      loaded
          .map(module -> String.valueOf(module.getFileName()))
          .filter(name -> name.startsWith("ip_vs_"))
          .forEach(name -> names.add(name.substring("ip_vs_".length())));
    }
    OTHER_MODULES.forEach(names::remove);
    return List.copyOf(names);
  }

  private static String line(Path file) {
    try {
      return KernelFile.read(file);
    } catch (IOException e) {
      return "";
    }
  }
}
