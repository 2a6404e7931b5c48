package io.kubeipvs.proxy.check;

import static io.kubeipvs.proxy.check.CheckCase.bad;

import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.route.Link;
import io.kubeipvs.proxy.check.facts.TrackingDrops;
import io.kubeipvs.proxy.check.facts.Wanted;
import io.kubeipvs.proxy.plan.ipvs.KubeSet;
import java.util.stream.Stream;

/** What can be wrong with the kernel's settings. */
final class SettingCases {
  private SettingCases() {}

  static Stream<CheckCase> all() {
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
            node -> node.wanted = Wanted.ipvs(Scheduler.ROUND_ROBIN, true, false)),
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
}
