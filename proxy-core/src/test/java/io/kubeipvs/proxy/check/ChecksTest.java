package io.kubeipvs.proxy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipset.ObservedSet;
import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.ipset.SetSpec;
import io.kubeipvs.ipset.SetType;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.route.Link;
import io.kubeipvs.proxy.check.facts.ApiState;
import io.kubeipvs.proxy.check.facts.Balancing;
import io.kubeipvs.proxy.check.facts.LockHold;
import io.kubeipvs.proxy.check.facts.Modules;
import io.kubeipvs.proxy.check.facts.Rights;
import io.kubeipvs.proxy.check.facts.Rules;
import io.kubeipvs.proxy.check.facts.TrackingDrops;
import io.kubeipvs.proxy.check.facts.Wanted;
import io.kubeipvs.proxy.inspect.Part;
import io.kubeipvs.proxy.plan.ipvs.KubeSet;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ChecksTest {

  /** One thing that is wrong, and what is to be found. */
  record Case(
      String name, Check check, Consumer<GivenNode> harm, Severity severity, String evidence) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case bad(
      String name, Check check, Severity severity, String evidence, Consumer<GivenNode> harm) {
    return new Case(name, check, harm, severity, evidence);
  }

  static Stream<Case> cases() {
    return Stream.of(machine(), settings(), tables(), others()).flatMap(cases -> cases);
  }

  private static Stream<Case> machine() {
    Check modules = new ModulesCheck();
    Check scheduler = new SchedulerCheck();
    Check rights = new RightsCheck();
    Check clock = new ClockCheck();
    return Stream.of(
        bad(
            "old kernel",
            new KernelCheck(),
            Severity.WARNING,
            "kernel 4.4.0",
            node -> node.release = "4.4.0"),
        bad(
            "unreadable version",
            new KernelCheck(),
            Severity.UNKNOWN,
            "'custom'",
            node -> node.release = "custom"),
        bad(
            "module not in the lists",
            modules,
            Severity.ERROR,
            "ip_set_hash_ip",
            node -> node.modules.put("ip_set_hash_ip", Modules.State.ABSENT)),
        bad(
            "module not loaded",
            modules,
            Severity.WARNING,
            "could be loaded: nf_conntrack_netlink",
            node -> node.modules.put("nf_conntrack_netlink", Modules.State.LOADABLE)),
        bad(
            "IPVS not loaded",
            modules,
            Severity.WARNING,
            "could be loaded: ip_vs",
            node -> {
              node.modules.put("ip_vs", Modules.State.LOADABLE);
              node.balancing = Part.missing("no family IPVS");
            }),
        bad(
            "module unknown",
            modules,
            Severity.INFO,
            "no /lib/modules",
            node -> node.modules.remove("ip_set_hash_ip")),
        bad(
            "no such scheduler",
            scheduler,
            Severity.ERROR,
            "ip_vs_mh",
            node -> {
              node.wanted = new Wanted(new Scheduler("mh"), false, false);
              node.modules.put("ip_vs_mh", Modules.State.ABSENT);
            }),
        bad(
            "scheduler not loaded",
            scheduler,
            Severity.INFO,
            "ip_vs_wrr could be loaded",
            node -> {
              node.wanted = new Wanted(new Scheduler("wrr"), false, false);
              node.modules.put("ip_vs_wrr", Modules.State.LOADABLE);
            }),
        bad(
            "no NET_ADMIN",
            rights,
            Severity.ERROR,
            "CapEff: 0000000000000000",
            node -> node.rights = new Rights(0, true)),
        bad(
            "no NET_RAW",
            rights,
            Severity.WARNING,
            "CapEff: 0000000000001000",
            node -> node.rights = new Rights(1 << Rights.NET_ADMIN, true)),
        bad(
            "read-only settings",
            rights,
            Severity.INFO,
            "read-only",
            node -> node.rights = new Rights(-1, false)),
        bad(
            "vxlan on an old kernel",
            new VxlanCheck(),
            Severity.INFO,
            "flannel.1",
            node -> {
              node.release = "4.18.0-147.el8";
              node.links.add(new Link(9, "flannel.1", "vxlan", true));
            }),
        bad(
            "one timer for many services",
            new EstimationCheck(),
            Severity.INFO,
            "6001 services and servers",
            node ->
                node.balancing = Part.of(GivenNode.table(4096, GivenNode.entry(80, 6000, 0, 0)))),
        bad("clock not set", clock, Severity.ERROR, "1970-01-01", node -> node.now = Instant.EPOCH),
        bad(
            "clock behind",
            clock,
            Severity.WARNING,
            "90 s behind",
            node -> node.api = api(Optional.empty(), List.of(), Duration.ofSeconds(-90))));
  }

  private static Optional<ApiState> api(
      Optional<String> failure, List<String> refused, Duration ahead) {
    return Optional.of(
        new ApiState("https://a", failure, refused, Duration.ofMillis(3), Optional.of(ahead)));
  }

  private static Stream<Case> settings() {
    Check sysctl = new SysctlCheck();
    Check localnet = new LocalnetCheck();
    Check bridge = new BridgeCheck();
    Check tracking = new TrackingTableCheck();
    return Stream.of(
        bad(
            "not forwarding",
            sysctl,
            Severity.ERROR,
            "net.ipv4.ip_forward = 0",
            node -> node.set("net/ipv4/ip_forward", 0)),
        bad(
            "IPVS without connection tracking",
            sysctl,
            Severity.WARNING,
            "net.ipv4.vs.conntrack = 0",
            node -> node.set("net/ipv4/vs/conntrack", 0)),
        bad(
            "strict ARP wanted",
            sysctl,
            Severity.WARNING,
            "arp_ignore = 0",
            node -> node.wanted = new Wanted(Scheduler.ROUND_ROBIN, true, false)),
        bad(
            "reused ports delayed",
            sysctl,
            Severity.WARNING,
            "conn_reuse_mode = 1",
            node -> node.release = "5.4.0"),
        bad(
            "reused ports go to servers that drain",
            new PortReuseCheck(),
            Severity.WARNING,
            "conn_reuse_mode = 0",
            node -> node.set("net/ipv4/vs/conn_reuse_mode", 0)),
        bad(
            "IPv6 not forwarded",
            new Ipv6ForwardingCheck(),
            Severity.INFO,
            "net.ipv6.conf.all.forwarding = 0",
            node -> {
              node.set("net/ipv6/conf/all/forwarding", 0);
              node.address(2, "2001:db8::10", 64);
            }),
        bad(
            "strict reverse paths",
            new ReturnPathCheck(),
            Severity.INFO,
            "rp_filter = 1",
            node -> node.set("net/ipv4/conf/all/rp_filter", 1)),
        bad(
            "localhost for neighbours",
            localnet,
            Severity.WARNING,
            "route_localnet = 1",
            node -> node.set("net/ipv4/conf/all/route_localnet", 1)),
        bad(
            "localhost for neighbours, guarded",
            localnet,
            Severity.INFO,
            "route_localnet = 1",
            node -> {
              node.set("net/ipv4/conf/all/route_localnet", 1);
              node.rules =
                  GivenNode.rules(
                      "nf_tables",
                      """
                      *filter
                      :KUBE-FIREWALL - [0:0]
                      -A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -j DROP
                      COMMIT
                      """);
            }),
        bad(
            "bridged packets go past",
            bridge,
            Severity.WARNING,
            "cni0",
            node -> node.links.add(new Link(9, "cni0", "bridge", true))),
        bad(
            "bridges of others",
            bridge,
            Severity.INFO,
            "virbr0",
            node -> node.links.add(new Link(9, "virbr0", "bridge", true))),
        bad(
            "ARP for a load balancer",
            new ArpCheck(),
            Severity.WARNING,
            "192.0.2.77 is in 192.0.2.10/24 of eth0",
            node ->
                node.sets.add(
                    GivenNode.set(
                        KubeSet.LOAD_BALANCER, GivenNode.entryOf(IpAddress.of("192.0.2.77"), 80)))),
        bad(
            "node port among local ports",
            new PortRangeCheck(),
            Severity.WARNING,
            "[30080]",
            node -> node.sysctls.put("net/ipv4/ip_local_port_range", "1024\t65000")),
        bad(
            "IPVS drops on purpose",
            new DefenceCheck(),
            Severity.WARNING,
            "drop_entry = 3",
            node -> node.set("net/ipv4/vs/drop_entry", 3)),
        bad(
            "connection tracking nearly full",
            tracking,
            Severity.WARNING,
            "100000 of 131072 entries, 76 %",
            node -> node.set("net/netfilter/nf_conntrack_count", 100_000)),
        bad(
            "connection tracking full",
            tracking,
            Severity.ERROR,
            "99 %",
            node -> node.set("net/netfilter/nf_conntrack_count", 131_000)),
        bad(
            "connections were dropped",
            tracking,
            Severity.INFO,
            "5 packets dropped",
            node -> node.dropped = new TrackingDrops(5, 0, 0)));
  }

  private static Stream<Case> tables() {
    Check sets = new SetFillCheck();
    Check binding = new BindingCheck();
    Check vips = new VipsCheck();
    Check servers = new ServersCheck();
    return Stream.of(
        bad(
            "too few buckets",
            new ConnectionTableCheck(),
            Severity.WARNING,
            "24 connections a bucket",
            node ->
                node.balancing =
                    Part.of(GivenNode.table(4096, GivenNode.entry(80, 2, 0, 100_000)))),
        bad(
            "no IPVS",
            new IpvsCheck(),
            Severity.ERROR,
            "no such family",
            node -> node.balancing = Part.missing("no such family")),
        bad(
            "IPVS not to be asked",
            new IpvsCheck(),
            Severity.UNKNOWN,
            "EPERM",
            node -> {
              node.rights = new Rights(0, false);
              node.balancing = Part.missing("EPERM");
            }),
        bad(
            "a set nearly full",
            sets,
            Severity.INFO,
            "9 of 10 entries",
            node -> node.sets.add(nearlyFull())),
        bad(
            "a set of another kind",
            sets,
            Severity.ERROR,
            "KUBE-CLUSTER-IP is a hash:ip",
            node -> node.sets.add(strange())),
        bad(
            "sets unreadable",
            sets,
            Severity.UNKNOWN,
            "EPERM",
            node -> node.readSets = Part.missing("EPERM")),
        bad(
            "both bindings",
            binding,
            Severity.WARNING,
            "1 local routes, 1 addresses on kube-ipvs0",
            node -> node.address(3, "10.96.0.20", 32)),
        bad(
            "kube-proxy's binding",
            binding,
            Severity.INFO,
            "0 local routes, 1 addresses",
            node -> {
              node.routes.clear();
              node.address(3, "10.96.0.10", 32);
            }),
        bad(
            "foreign service",
            new ForeignServicesCheck(),
            Severity.INFO,
            "-t 203.0.113.7:80 -s rr",
            node -> node.balancing = Part.of(GivenNode.table(4096, foreign()))),
        bad(
            "a VIP without a service",
            vips,
            Severity.WARNING,
            "10.96.0.20",
            node -> node.address(3, "10.96.0.20", 32)),
        bad(
            "a service without its VIP",
            vips,
            Severity.ERROR,
            "10.96.0.10",
            node -> node.routes.clear()),
        bad(
            "no servers",
            servers,
            Severity.INFO,
            "TCP 10.96.0.10:80, no servers",
            node -> node.balancing = Part.of(GivenNode.table(4096, GivenNode.entry(80, 0, 0, 0)))),
        bad(
            "all draining",
            servers,
            Severity.INFO,
            "3 draining",
            node -> node.balancing = Part.of(GivenNode.table(4096, GivenNode.entry(80, 3, 3, 1)))),
        bad(
            "drift",
            new DriftCheck(),
            Severity.WARNING,
            "-A -t 10.96.0.11:80",
            node -> node.drift = Part.of(List.of("-A -t 10.96.0.11:80"))),
        bad(
            "nothing to compare with",
            new DriftCheck(),
            Severity.INFO,
            "no daemon",
            node -> node.drift = Part.missing("no daemon")));
  }

  private static Balancing.Entry foreign() {
    ServiceKey key = ServiceKey.of(Protocol.TCP, IpAddress.of("203.0.113.7"), 80);
    return new Balancing.Entry(VirtualService.of(key, Scheduler.ROUND_ROBIN), 1, 0, 0);
  }

  private static ObservedSet nearlyFull() {
    SetSpec spec = KubeSet.CLUSTER_IP.spec(AddressFamily.IPV4);
    SetSpec small = new SetSpec(new SetName("KUBE-IPVS-GROW"), spec.type(), spec.family(), 10);
    Set<SetEntry> entries = new HashSet<>();
    for (int port = 1; port < 10; port++) {
      entries.add(GivenNode.entryOf(GivenNode.VIP, port));
    }
    return ObservedSet.of(GivenNode.header(small).withName(small.name()), entries);
  }

  private static ObservedSet strange() {
    SetSpec spec = KubeSet.CLUSTER_IP.spec(AddressFamily.IPV4);
    SetSpec other = new SetSpec(spec.name(), SetType.HASH_IP, spec.family(), 65536);
    return ObservedSet.of(GivenNode.header(other), Set.of());
  }

  private static Stream<Case> others() {
    Check tools = new ToolsCheck();
    Check variants = new VariantsCheck();
    Check policy = new PolicyCheck();
    Check other = new OtherProxyCheck();
    Check api = new ApiCheck();
    String kube = "*nat\n:KUBE-SERVICES - [0:0]\n-A KUBE-SERVICES -j RETURN\nCOMMIT\n";
    String anybody = "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -j ACCEPT\nCOMMIT\n";
    return Stream.of(
        bad(
            "no tools",
            tools,
            Severity.ERROR,
            "iptables not found",
            node -> node.rules = Part.missing("iptables not found")),
        bad(
            "tools refused",
            tools,
            Severity.UNKNOWN,
            "Permission denied",
            node -> node.rules = Part.missing("Permission denied")),
        bad(
            "our rules in both kinds",
            variants,
            Severity.ERROR,
            "iptables-legacy: 1 rules",
            node -> node.rules = both(kube, kube)),
        bad(
            "rules of somebody in the other kind",
            variants,
            Severity.WARNING,
            "iptables-legacy: 1 rules",
            node -> node.rules = both(kube, anybody)),
        bad(
            "legacy tables nobody can look into",
            variants,
            Severity.INFO,
            "tables [nat]",
            node ->
                node.rules =
                    Part.of(
                        new Rules(
                            "iptables-nft",
                            List.of(GivenNode.view("nf_tables", kube)),
                            List.of("nat")))),
        bad(
            "lock held",
            new LockCheck(),
            Severity.WARNING,
            "by pid 7 (sleep 60)",
            node ->
                node.lock =
                    Optional.of(
                        new LockHold(
                            "/run/xtables.lock", "pid 7 (sleep 60)", Duration.ofSeconds(1)))),
        bad(
            "INPUT drops",
            policy,
            Severity.WARNING,
            "INPUT has the policy DROP",
            node ->
                node.rules = GivenNode.rules("nf_tables", "*filter\n:INPUT DROP [0:0]\nCOMMIT\n")),
        bad(
            "FORWARD drops",
            policy,
            Severity.WARNING,
            "FORWARD has the policy DROP",
            node ->
                node.rules =
                    GivenNode.rules("nf_tables", "*filter\n:FORWARD DROP [0:0]\nCOMMIT\n")),
        bad(
            "kube-proxy beside us",
            other,
            Severity.ERROR,
            "pid 200 (/usr/local/bin/kube-proxy --config=x)",
            node -> node.process(200, "kube-proxy", "/usr/local/bin/kube-proxy", "--config=x")),
        bad(
            "kube-proxy before us",
            other,
            Severity.WARNING,
            "pid 200 (kube-proxy)",
            node -> {
              node.processes.clear();
              node.process(200, "kube-proxy");
            }),
        bad(
            "we twice",
            other,
            Severity.ERROR,
            "pid 300",
            node -> node.process(300, "java", "java", "io.kubeipvs.proxy.cli.KubeIpvs", "run")),
        bad(
            "we twice, once by the image under kube-proxy's name",
            other,
            Severity.ERROR,
            "pid 300",
            node ->
                node.process(
                    300,
                    "kube-proxy",
                    "/runtime/bin/java",
                    "@/usr/lib/kube-ipvs/java.options",
                    "/usr/local/bin/kube-proxy",
                    "--config=x")),
        bad(
            "a stranger on our ports",
            other,
            Severity.WARNING,
            "TCP 0.0.0.0:10256, pid 200 (/proxy)",
            node -> {
              node.process(200, "proxy", "/proxy");
              node.sockets.add(GivenNode.socket("0.0.0.0", 10256, 200));
            }),
        bad(
            "rules of iptables mode",
            new LeftoverRulesCheck(),
            Severity.WARNING,
            "iptables-nft: 1 chains, KUBE-SVC-X",
            node ->
                node.rules = GivenNode.rules("nf_tables", "*nat\n:KUBE-SVC-X - [0:0]\nCOMMIT\n")),
        bad(
            "a program at a node port",
            new NodePortSocketCheck(),
            Severity.WARNING,
            "TCP 0.0.0.0:30080, pid 200 (nginx)",
            node -> {
              node.process(200, "nginx");
              node.sockets.add(GivenNode.socket("0.0.0.0", 30080, 200));
            }),
        bad(
            "API away",
            api,
            Severity.ERROR,
            "Connection refused",
            node -> node.api = api(Optional.of("Connection refused"), List.of(), Duration.ZERO)),
        bad(
            "API shows too little",
            api,
            Severity.ERROR,
            "services: 403",
            node -> node.api = api(Optional.empty(), List.of("services: 403"), Duration.ZERO)));
  }

  private static Part<Rules> both(String nft, String legacy) {
    return Part.of(
        new Rules(
            "iptables-nft",
            List.of(GivenNode.view("nf_tables", nft), GivenNode.view("legacy", legacy)),
            List.of("nat")));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatIsWrongIsFoundWithItsEvidence(Case given) {
    GivenNode node = new GivenNode();
    given.harm().accept(node);
    List<Finding> findings = given.check().look(node.facts());
    assertThat(findings)
        .anySatisfy(
            finding -> {
              assertThat(finding.severity()).isEqualTo(given.severity());
              assertThat(finding.evidence()).anyMatch(line -> line.contains(given.evidence()));
            });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatIsWrongChangesTheExitCode(Case given) {
    GivenNode node = new GivenNode();
    given.harm().accept(node);
    assertThat(Checks.look(node.facts()).worst()).isGreaterThanOrEqualTo(given.severity());
  }

  @Test
  void whereAllIsWellNothingIsFound() {
    Report report = Checks.look(new GivenNode().facts());
    assertThat(report.findings()).allMatch(finding -> finding.severity() == Severity.OK);
    assertThat(report.worst().exitCode()).isZero();
    assertThat(report.fixes()).isEmpty();
  }

  /** A check that no case shows to be of use is none. */
  @Test
  void everyCheckHasACase() {
    Set<Class<?>> shown = new HashSet<>();
    cases().forEach(given -> shown.add(given.check().getClass()));
    Set<Class<?>> all = new HashSet<>();
    Checks.ALL.forEach(check -> all.add(check.getClass()));
    assertThat(shown).isEqualTo(all);
  }

  @Test
  void whatIsWorseThanInformationSaysWhatToDo() {
    cases()
        .flatMap(
            given -> {
              GivenNode node = new GivenNode();
              given.harm().accept(node);
              return given.check().look(node.facts()).stream();
            })
        .filter(f -> f.severity() == Severity.WARNING || f.severity() == Severity.ERROR)
        .filter(finding -> !finding.reason().startsWith("kube-ipvs runs more than once"))
        .filter(finding -> !finding.reason().equals("the API server is slow"))
        .forEach(finding -> assertThat(finding.remedy()).as(finding.reason()).isNotEmpty());
  }

  @Test
  void manyPiecesOfEvidenceAreCut() {
    GivenNode node = new GivenNode();
    for (int i = 1; i <= 100; i++) {
      node.address(3, "10.96.1." + i, 32);
    }
    List<String> evidence = new VipsCheck().look(node.facts()).get(0).evidence();
    assertThat(evidence).hasSize(9).last().isEqualTo("and 92 more");
  }
}
