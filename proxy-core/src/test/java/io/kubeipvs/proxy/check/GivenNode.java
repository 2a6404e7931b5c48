package io.kubeipvs.proxy.check;

import io.kubeipvs.ipset.ObservedSet;
import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetHeader;
import io.kubeipvs.iptables.Family;
import io.kubeipvs.iptables.IptablesVersion;
import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.ipvs.IpvsInfo;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.route.Link;
import io.kubeipvs.netlink.route.LinkAddress;
import io.kubeipvs.netlink.route.LocalRoute;
import io.kubeipvs.proxy.check.facts.ApiState;
import io.kubeipvs.proxy.check.facts.Balancing;
import io.kubeipvs.proxy.check.facts.LockHold;
import io.kubeipvs.proxy.check.facts.Modules;
import io.kubeipvs.proxy.check.facts.Network;
import io.kubeipvs.proxy.check.facts.NodeFacts;
import io.kubeipvs.proxy.check.facts.NodeProcess;
import io.kubeipvs.proxy.check.facts.NodeSocket;
import io.kubeipvs.proxy.check.facts.Rights;
import io.kubeipvs.proxy.check.facts.Rules;
import io.kubeipvs.proxy.check.facts.Sysctls;
import io.kubeipvs.proxy.check.facts.TrackingDrops;
import io.kubeipvs.proxy.check.facts.Wanted;
import io.kubeipvs.proxy.inspect.Part;
import io.kubeipvs.proxy.plan.ipvs.KubeSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** A node where all is well, to be made worse: one Service with a node port, kube-ipvs at work. */
final class GivenNode {
  static final IpAddress VIP = IpAddress.of("10.96.0.10");

  String release = "6.1.0-31-amd64";
  Instant now = Instant.parse("2026-03-01T12:00:00Z");
  final Map<String, Modules.State> modules = new HashMap<>();
  Rights rights = new Rights(-1L, true);
  final Map<String, String> sysctls = new HashMap<>();
  Part<Balancing> balancing;
  final List<ObservedSet> sets = new ArrayList<>();
  Part<List<ObservedSet>> readSets = Part.of(sets);
  final List<Link> links = new ArrayList<>();
  final List<LinkAddress> addresses = new ArrayList<>();
  final List<LocalRoute> routes = new ArrayList<>();
  Part<Rules> rules;
  Optional<LockHold> lock = Optional.empty();
  final List<NodeProcess> processes = new ArrayList<>();
  boolean seesAllProcesses = true;
  final List<NodeSocket> sockets = new ArrayList<>();
  TrackingDrops dropped = new TrackingDrops(0, 0, 0);
  Optional<ApiState> api = api(Optional.empty(), List.of(), Duration.ofSeconds(1));
  Part<List<String>> drift = Part.of(List.of());
  Wanted wanted = Wanted.DEFAULT;

  /**
   * An API server asked a moment ago.
   *
   * @param refused what it would not show us
   * @param clockAhead how far our clock is before its
   */
  static Optional<ApiState> api(
      Optional<String> failure, List<String> refused, Duration clockAhead) {
    return Optional.of(
        new ApiState(
            "https://10.0.0.1:6443",
            failure,
            refused,
            Duration.ofMillis(7),
            Optional.of(clockAhead)));
  }

  GivenNode() {
    ModulesCheck.NEEDED.forEach(name -> modules.put(name, Modules.State.LOADED));
    modules.put("ip_vs_rr", Modules.State.LOADED);
    settings();
    links.add(new Link(1, "lo", "", true));
    links.add(new Link(2, "eth0", "", true));
    links.add(new Link(3, Network.DEVICE, "dummy", false));
    address(2, "192.0.2.10", 24);
    routes.add(new LocalRoute(VIP, Optional.empty(), 75));
    balancing = Part.of(table(4096, entry(80, 2, 0, 10)));
    sets.add(set(KubeSet.CLUSTER_IP, entryOf(VIP, 80)));
    sets.add(set(KubeSet.NODE_PORT_TCP, new SetEntry.Port(30080)));
    rules = rules("nf_tables", "*filter\n:FORWARD ACCEPT [0:0]\n:KUBE-FORWARD - [0:0]\nCOMMIT\n");
    process(100, "java", "java", "-cp", "x", "io.kubeipvs.proxy.cli.KubeIpvs", "run");
    sockets.add(socket("127.0.0.1", 10249, 100));
  }

  private void settings() {
    set("net/ipv4/vs/conntrack", 1);
    set("net/ipv4/vs/conn_reuse_mode", 1);
    set("net/ipv4/vs/expire_nodest_conn", 1);
    set("net/ipv4/vs/expire_quiescent_template", 1);
    set("net/ipv4/vs/drop_entry", 0);
    set("net/ipv4/vs/drop_packet", 0);
    set("net/ipv4/vs/secure_tcp", 0);
    set("net/ipv4/ip_forward", 1);
    set("net/ipv6/conf/all/forwarding", 1);
    set("net/ipv4/conf/all/rp_filter", 0);
    set("net/ipv4/conf/all/route_localnet", 0);
    set("net/ipv4/conf/all/arp_ignore", 0);
    set("net/netfilter/nf_conntrack_count", 1000);
    set("net/netfilter/nf_conntrack_max", 131072);
    sysctls.put("net/ipv4/ip_local_port_range", "32768\t60999");
  }

  void set(String key, long value) {
    sysctls.put(key, Long.toString(value));
  }

  void address(int link, String address, int length) {
    addresses.add(new LinkAddress(link, IpAddress.of(address), length));
  }

  void process(long pid, String command, String... arguments) {
    processes.add(new NodeProcess(pid, command, List.of(arguments)));
  }

  static NodeSocket socket(String address, int port, long owner) {
    return new NodeSocket(
        Protocol.TCP,
        IpAddress.of(address),
        port,
        owner == 0 ? OptionalLong.empty() : OptionalLong.of(owner));
  }

  static Balancing table(int buckets, Balancing.Entry... entries) {
    return new Balancing(new IpvsInfo(0x10201, buckets), List.of(entries));
  }

  static Balancing.Entry entry(int port, int servers, int draining, long connections) {
    ServiceKey key = ServiceKey.of(Protocol.TCP, VIP, port);
    VirtualService service = VirtualService.of(key, Scheduler.ROUND_ROBIN);
    return new Balancing.Entry(service, servers, draining, connections);
  }

  static SetEntry entryOf(IpAddress address, int port) {
    return new SetEntry.IpPort(address, Protocol.TCP, port);
  }

  static ObservedSet set(KubeSet set, SetEntry... entries) {
    return ObservedSet.of(SetHeader.made(set.spec(AddressFamily.IPV4)), Set.of(entries));
  }

  static Part<Rules> rules(String variant, String text) {
    return Part.of(new Rules("iptables-nft", List.of(view(variant, text)), List.of()));
  }

  static Rules.View view(String variant, String text) {
    try {
      return new Rules.View(
          variant.equals("legacy") ? "iptables-legacy" : "iptables-nft",
          Family.IPV4,
          IptablesVersion.parse("iptables v1.8.9 (" + variant + ")").orElseThrow(),
          SavedRules.parse(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  NodeFacts facts() {
    return new NodeFacts(
        now,
        release,
        new Modules(modules),
        rights,
        new Sysctls(new TreeMap<>(sysctls)),
        balancing,
        readSets,
        Part.of(new Network(links, addresses, routes)),
        rules,
        lock,
        processes,
        seesAllProcesses,
        sockets,
        Part.of(dropped),
        api,
        drift,
        wanted);
  }
}
