package io.kubeipvs.iptables;

import static io.kubeipvs.iptables.Match.*;

import io.kubeipvs.iptables.Match.ConnectionState;
import io.kubeipvs.iptables.Match.Direction;
import io.kubeipvs.iptables.Match.Transport;
import io.kubeipvs.iptables.Target.Verdict;
import java.util.ArrayList;
import java.util.List;

/** Every kind of rule that can be built, with what {@code iptables-save} prints for it. */
public final class RuleKinds {
  static final String CHAIN = "KUBE-TEST";
  static final String OTHER_CHAIN = "KUBE-OTHER";
  static final String SET = "KUBE-TEST-SET";
  static final String PORT_SET = "KUBE-TEST-PORTS";

  private RuleKinds() {}

  /**
   * @param text as seen with iptables 1.8.9, both kinds
   */
  record Case(Table table, String text, Rule rule) {
    @Override
    public String toString() {
      return table + " " + text;
    }
  }

  static boolean setExists(String name) {
    return name.equals(SET) || name.equals(PORT_SET);
  }

  static List<Case> of(Family family) {
    List<Case> cases = new ArrayList<>(matches(family));
    cases.addAll(targets(family));
    return cases;
  }

  private static List<Case> matches(Family family) {
    boolean six = family == Family.IPV6;
    String net = six ? "fd00:1::/64" : "10.244.0.0/16";
    String host = six ? "fd00::1" : "10.0.0.1";
    String mask = six ? "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" : "255.255.255.255";
    int bits = six ? 128 : 32;
    return List.of(
        nat("-s " + net, source(net)),
        nat("! -s " + net, notSource(net)),
        nat("-d " + host + "/" + bits, destination(host)),
        nat("! -d " + host + "/" + bits, notDestination(host)),
        nat("-i eth0", inInterface("eth0")),
        nat("! -i veth+", notInInterface("veth+")),
        nat("-o eth0", outInterface("eth0")),
        nat("! -o cni0.12", notOutInterface("cni0.12")),
        nat("-p tcp", protocol(Transport.TCP)),
        nat("-p udp", protocol(Transport.UDP)),
        nat("-p sctp", protocol(Transport.SCTP)),
        nat("-m comment --comment bare-word_1", comment("bare-word_1")),
        nat("-m comment --comment \"two words\"", comment("two words")),
        nat("-m comment --comment \"ns/svc:http\"", comment("ns/svc:http")),
        nat("-m comment --comment \"\"", comment("")),
        nat("-m comment --comment \"\\'hash ip:port\\'\"", comment("'hash ip:port'")),
        nat("-m comment --comment \"a\\\"b\\\\c\"", comment("a\"b\\c")),
        nat("-m comment --comment \" -t nat\"", comment("-t nat")),
        nat("-m comment --comment \"$(x) `y` ;#\"", comment("$(x) `y` ;#")),
        nat("-m comment --comment \"a b c?\"", comment("a\nb\tc\u00fc")),
        nat("-m comment --comment " + "x".repeat(255), comment("x".repeat(300))),
        nat("-m set --match-set " + SET + " dst,dst", inSet(SET, Direction.DST, Direction.DST)),
        nat(
            "-m set ! --match-set " + SET + " src,dst",
            notInSet(SET, Direction.SRC, Direction.DST)),
        nat("-m set --match-set " + PORT_SET + " dst", inSet(PORT_SET, Direction.DST)),
        nat("-m mark --mark 0x4000/0x4000", mark(0x4000, 0x4000)),
        nat("-m mark ! --mark 0x4000/0x4000", notMark(0x4000, 0x4000)),
        nat("-m mark --mark 0x4000", mark(0x4000, -1)),
        nat("-m mark --mark 0x80000000/0x80000000", mark(1 << 31, 1 << 31)),
        nat("-m addrtype --src-type LOCAL", sourceIsLocal()),
        nat("-m addrtype ! --src-type LOCAL", sourceIsNotLocal()),
        nat("-m addrtype --dst-type LOCAL", destinationIsLocal()),
        nat("-m addrtype ! --dst-type LOCAL", destinationIsNotLocal()),
        nat("-m conntrack --ctstate NEW", connectionState(ConnectionState.NEW)),
        nat("-m conntrack --ctstate INVALID", connectionState(ConnectionState.INVALID)),
        nat(
            "-m conntrack --ctstate RELATED,ESTABLISHED",
            connectionState(ConnectionState.ESTABLISHED, ConnectionState.RELATED)),
        nat(
            "-m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT",
            notConnectionState(
                ConnectionState.RELATED, ConnectionState.ESTABLISHED, ConnectionState.DNAT)),
        nat("-m statistic --mode random --probability 0.50000000000", oneIn(2)),
        nat("-m statistic --mode random --probability 0.33333333349", oneIn(3)),
        nat("-m statistic --mode random --probability 0.14285714272", oneIn(7)),
        nat("-m statistic --mode random --probability 0.00024414062", oneIn(4096)),
        nat(
            "-m recent --rcheck --seconds 10800 --reap --name KUBE-SEP-A --mask "
                + mask
                + " --rsource",
            recentlySeen(family, "KUBE-SEP-A", 10800)),
        nat(
            "-m recent --set --name KUBE-SEP-A --mask " + mask + " --rsource",
            remember(family, "KUBE-SEP-A")),
        nat(
            "-p tcp -m tcp --dport 80",
            protocol(Transport.TCP),
            destinationPort(Transport.TCP, 80)),
        nat(
            "-p udp -m udp --dport 53",
            protocol(Transport.UDP),
            destinationPort(Transport.UDP, 53)),
        nat(
            "-p sctp -m sctp --dport 9",
            protocol(Transport.SCTP),
            destinationPort(Transport.SCTP, 9)),
        nat("-p tcp -m tcp", protocol(Transport.TCP), extension(Transport.TCP)),
        nat(
            six ? "-p ipv6-icmp -m icmp6 --icmpv6-type 128" : "-p icmp -m icmp --icmp-type 8",
            echoRequest(family)),
        nat("-m physdev --physdev-is-in", arrivedByBridge()),
        nat("-m physdev ! --physdev-is-in", didNotArriveByBridge()),
        nat(
            "! -s "
                + net
                + " -d "
                + host
                + "/"
                + bits
                + " -p tcp -m comment --comment \"a b\" -m tcp"
                + " --dport 443",
            comment("a b"),
            destinationPort(Transport.TCP, 443),
            protocol(Transport.TCP),
            destination(host),
            notSource(net)));
  }

  /** The kernels of some machines have no {@code xt_ipvs}. */
  static Case virtualServiceCase(Family family) {
    String host = family == Family.IPV6 ? "fd00::1" : "10.0.0.1";
    return new Case(
        Table.FILTER,
        "-m ipvs --vproto 6 --vaddr " + host + " --vport 80 -j DROP",
        Rule.of(Verdict.DROP, virtualService(Transport.TCP, host, 80)));
  }

  private static List<Case> targets(Family family) {
    boolean six = family == Family.IPV6;
    String host = six ? "fd00::1" : "10.0.0.1";
    String reject = six ? "icmp6-port-unreachable" : "icmp-port-unreachable";
    Match tcp = protocol(Transport.TCP);
    return List.of(
        new Case(Table.NAT, "", Rule.withoutTarget()),
        new Case(Table.NAT, "-p tcp", Rule.withoutTarget(tcp)),
        new Case(Table.NAT, "-j ACCEPT", Rule.of(Verdict.ACCEPT)),
        new Case(Table.FILTER, "-j DROP", Rule.of(Verdict.DROP)),
        new Case(Table.MANGLE, "-j RETURN", Rule.of(Verdict.RETURN)),
        new Case(Table.NAT, "-j " + OTHER_CHAIN, Rule.of(Target.jumpTo(OTHER_CHAIN))),
        new Case(Table.NAT, "-j MARK --set-xmark 0x4000/0x4000", setXmark(0x4000, 0x4000)),
        new Case(Table.NAT, "-j MARK --set-xmark 0x4000/0x0", setXmark(0x4000, 0)),
        new Case(Table.MANGLE, "-j MARK --set-xmark 0x80000000/0xffffffff", setXmark(1 << 31, -1)),
        new Case(Table.NAT, "-j MASQUERADE", Rule.of(Target.masquerade())),
        new Case(
            Table.NAT, "-j MASQUERADE --random-fully", Rule.of(Target.masqueradeRandomFully())),
        new Case(
            Table.NAT,
            "-p tcp -m tcp -j DNAT --to-destination " + (six ? "[" + host + "]" : host) + ":8080",
            Rule.of(Target.translateTo(host, 8080), tcp, extension(Transport.TCP))),
        new Case(
            Table.FILTER,
            "-j REJECT --reject-with " + reject,
            Rule.of(Target.rejectPortUnreachable(family))),
        new Case(
            Table.FILTER,
            "-p tcp -j REJECT --reject-with tcp-reset",
            Rule.of(Target.rejectTcpReset(), tcp)));
  }

  private static Rule setXmark(int value, int mask) {
    return Rule.of(Target.setXmark(value, mask));
  }

  private static Case nat(String text, Match... matches) {
    return new Case(Table.NAT, text + " -j RETURN", Rule.of(Verdict.RETURN, matches));
  }
}
