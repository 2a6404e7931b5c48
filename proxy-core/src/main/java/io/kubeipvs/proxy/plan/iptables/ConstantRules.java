package io.kubeipvs.proxy.plan.iptables;

import io.kubeipvs.iptables.ChainKey;
import io.kubeipvs.iptables.Family;
import io.kubeipvs.iptables.Jump;
import io.kubeipvs.iptables.Leeway;
import io.kubeipvs.iptables.Match;
import io.kubeipvs.iptables.Match.ConnectionState;
import io.kubeipvs.iptables.Obsolete;
import io.kubeipvs.iptables.Rule;
import io.kubeipvs.iptables.RuleSet;
import io.kubeipvs.iptables.Table;
import io.kubeipvs.iptables.Target;
import io.kubeipvs.iptables.Target.Verdict;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.plan.PlanContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What no Service changes. */
final class ConstantRules {
  private static final Match NODE_PORTS_LAST =
      Match.comment("kubernetes service nodeports; NOTE: this must be the last rule in this chain");

  private final AddressFamily family;
  private final PlanContext context;
  private final IptablesSettings settings;

  ConstantRules(AddressFamily family, PlanContext context, IptablesSettings settings) {
    this.family = family;
    this.context = context;
    this.settings = settings;
  }

  RuleSet plan() {
    SortedMap<ChainKey, List<Rule>> chains = new TreeMap<>();
    KubeChains.CANARIES.forEach(canary -> chains.put(canary, List.of()));
    chains.put(KubeChains.SERVICES, toNodePorts());
    chains.put(KubeChains.NODE_PORTS, List.of());
    chains.put(KubeChains.POSTROUTING, postrouting());
    chains.put(KubeChains.MARK_MASQUERADE, List.of(setMark(settings.rules().mark())));
    chains.put(KubeChains.UNSERVED, List.of());
    chains.put(KubeChains.UNSERVED_EXTERNAL, List.of());
    chains.put(KubeChains.HEALTH_CHECKS, List.of());
    chains.put(KubeChains.SOURCE_RANGES, List.of());
    chains.put(KubeChains.FORWARD, forward());
    chains.put(KubeChains.FIREWALL, firewall());
    Family tool = family == AddressFamily.IPV4 ? Family.IPV4 : Family.IPV6;
    return RuleSet.of(tool, chains, jumps())
        .withLeeway(leeway())
        .withObsolete(new Obsolete(List.of(), KubeChains.OF_SERVICES));
  }

  private Map<ChainKey, Leeway> leeway() {
    return Map.of(
        KubeChains.SERVICES, Leeway.anyOrderBefore(toNodePorts().size()),
        KubeChains.NODE_PORTS, Leeway.ANY_ORDER,
        KubeChains.UNSERVED, Leeway.ANY_ORDER,
        KubeChains.UNSERVED_EXTERNAL, Leeway.ANY_ORDER,
        KubeChains.HEALTH_CHECKS, Leeway.ANY_ORDER,
        KubeChains.SOURCE_RANGES, Leeway.ANY_ORDER,
        KubeChains.FIREWALL, Leeway.AMONG_OTHERS);
  }

  /** What is an address of this node but no Service's may be a node port. */
  private List<Rule> toNodePorts() {
    Target nodePorts = Target.jumpTo(KubeChains.NODE_PORTS.name().value());
    if (!settings.servesNodePortsEverywhere(family)) {
      return nodePortAddresses().stream()
          .map(ip -> Rule.of(nodePorts, Match.destination(ip.toString()), NODE_PORTS_LAST))
          .toList();
    }
    Match local = Match.destinationIsLocal();
    if (settings.servesNodePortsOnLoopback(family)) {
      return List.of(Rule.of(nodePorts, NODE_PORTS_LAST, local));
    }
    String loopback = family == AddressFamily.IPV4 ? "127.0.0.0/8" : "::1/128";
    return List.of(Rule.of(nodePorts, Match.notDestination(loopback), NODE_PORTS_LAST, local));
  }

  private List<IpAddress> nodePortAddresses() {
    List<IpAddress> addresses = new ArrayList<>();
    if (settings.servesNodePortsOnLoopback(family)) {
      addresses.add(IpAddress.of("127.0.0.1"));
    }
    context.addresses().nodePorts().stream()
        .filter(address -> address.family() == family)
        .forEach(addresses::add);
    return addresses;
  }

  private Rule setMark(int mask) {
    return Rule.of(Target.setXmark(settings.rules().mark(), mask));
  }

  private List<Rule> postrouting() {
    int mark = settings.rules().mark();
    Target masquerade =
        settings.rules().randomFully() ? Target.masqueradeRandomFully() : Target.masquerade();
    return List.of(
        Rule.of(Verdict.RETURN, Match.notMark(mark, mark)),
        setMark(0),
        Rule.of(masquerade, Match.comment("kubernetes service traffic requiring SNAT")));
  }

  private List<Rule> forward() {
    int mark = settings.rules().mark();
    List<Rule> rules = new ArrayList<>();
    if (settings.dropInvalid()) {
      rules.add(Rule.of(Verdict.DROP, Match.connectionState(ConnectionState.INVALID)));
    }
    rules.add(
        Rule.of(
            Verdict.ACCEPT, Match.comment("kubernetes forwarding rules"), Match.mark(mark, mark)));
    rules.add(
        Rule.of(
            Verdict.ACCEPT,
            Match.comment("kubernetes forwarding conntrack rule"),
            Match.connectionState(ConnectionState.RELATED, ConnectionState.ESTABLISHED)));
    return rules;
  }

  /**
   * With {@code route_localnet}, which node ports on loopback need, neighbours could reach what
   * listens on loopback only (CVE-2020-8558).
   */
  private List<Rule> firewall() {
    if (!settings.servesNodePortsOnLoopback(family)) {
      return List.of();
    }
    return List.of(
        Rule.of(
            Verdict.DROP,
            Match.notSource("127.0.0.0/8"),
            Match.destination("127.0.0.0/8"),
            Match.comment("block incoming localnet connections"),
            Match.notConnectionState(
                ConnectionState.RELATED, ConnectionState.ESTABLISHED, ConnectionState.DNAT)));
  }

  /** The last of a built-in chain ends up as its first rule. */
  private static List<Jump> jumps() {
    String portals = "kubernetes service portals";
    String external = "kubernetes externally-visible service portals";
    String firewall = "kubernetes load balancer firewall";
    return List.of(
        newOnly("INPUT", external, KubeChains.UNSERVED_EXTERNAL),
        newOnly("FORWARD", external, KubeChains.UNSERVED_EXTERNAL),
        jump("INPUT", "kubernetes health check service ports", KubeChains.HEALTH_CHECKS),
        newOnly("FORWARD", portals, KubeChains.UNSERVED),
        newOnly("OUTPUT", portals, KubeChains.UNSERVED),
        jump("FORWARD", "kubernetes forwarding rules", KubeChains.FORWARD),
        newOnly("INPUT", firewall, KubeChains.SOURCE_RANGES),
        newOnly("OUTPUT", firewall, KubeChains.SOURCE_RANGES),
        newOnly("FORWARD", firewall, KubeChains.SOURCE_RANGES),
        jump("OUTPUT", portals, KubeChains.SERVICES),
        jump("PREROUTING", portals, KubeChains.SERVICES),
        jump("POSTROUTING", "kubernetes postrouting rules", KubeChains.POSTROUTING),
        new Jump(Table.FILTER, "INPUT", Rule.of(to(KubeChains.FIREWALL))),
        new Jump(Table.FILTER, "OUTPUT", Rule.of(to(KubeChains.FIREWALL))));
  }

  private static Jump newOnly(String from, String comment, ChainKey to) {
    Match isNew = Match.connectionState(ConnectionState.NEW);
    return new Jump(to.table(), from, Rule.of(to(to), isNew, Match.comment(comment)));
  }

  private static Jump jump(String from, String comment, ChainKey to) {
    return new Jump(to.table(), from, Rule.of(to(to), Match.comment(comment)));
  }

  private static Target to(ChainKey chain) {
    return Target.jumpTo(chain.name().value());
  }
}
