package io.kubeipvs.proxy.plan.ipvs;

import io.kubeipvs.iptables.ChainKey;
import io.kubeipvs.iptables.Match;
import io.kubeipvs.iptables.Match.ConnectionState;
import io.kubeipvs.iptables.Match.Direction;
import io.kubeipvs.iptables.Match.Transport;
import io.kubeipvs.iptables.Rule;
import io.kubeipvs.iptables.Table;
import io.kubeipvs.iptables.Target;
import io.kubeipvs.iptables.Target.Verdict;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.plan.RuleSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Who may come in: the tables filter and, for the node's own traffic, mangle. */
final class FilterRules {
  private static final String SOURCE_RANGES = "KUBE-SOURCE-RANGES-FIREWALL";
  private static final Match NEW = Match.connectionState(ConnectionState.NEW);

  private final AddressFamily family;
  private final RuleSettings settings;
  private final KubeRules rules;

  FilterRules(AddressFamily family, RuleSettings settings) {
    this.family = family;
    this.settings = settings;
    this.rules = new KubeRules(family);
  }

  Map<ChainKey, List<Rule>> chains() {
    return Map.of(
        filter("KUBE-FORWARD"), forward(),
        filter("KUBE-NODE-PORT"), List.of(healthCheck()),
        filter("KUBE-PROXY-FIREWALL"), firewall(),
        filter(SOURCE_RANGES), sourceRanges(Direction.SRC),
        filter("KUBE-IPVS-FILTER"), ipvsFilter(),
        filter("KUBE-IPVS-OUT-FILTER"), Refusal.ofTheNodeItself(family),
        mangle("KUBE-IPVS-OUT-FILTER"), List.of(dropInternal(), restricted()),
        mangle(SOURCE_RANGES), sourceRanges(Direction.DST));
  }

  private static ChainKey filter(String name) {
    return ChainKey.of(Table.FILTER, name);
  }

  private static ChainKey mangle(String name) {
    return ChainKey.of(Table.MANGLE, name);
  }

  private List<Rule> forward() {
    return List.of(
        Rule.of(
            Verdict.ACCEPT,
            Match.comment("kubernetes forwarding rules"),
            Match.mark(settings.mark(), settings.mark())),
        Rule.of(
            Verdict.ACCEPT,
            Match.comment("kubernetes forwarding conntrack rule"),
            Match.connectionState(ConnectionState.RELATED, ConnectionState.ESTABLISHED)));
  }

  private Rule healthCheck() {
    KubeSet set = KubeSet.HEALTH_CHECK_NODE_PORT;
    return rules.commented(Verdict.ACCEPT, set, rules.to(set));
  }

  private Rule restricted() {
    KubeSet set = KubeSet.LOAD_BALANCER_FW;
    return rules.commented(Target.jumpTo(SOURCE_RANGES), set, rules.to(set));
  }

  /** Who may not come to a load balancer's IP must not learn either that nobody is behind it. */
  private List<Rule> firewall() {
    List<Rule> all = new ArrayList<>(List.of(restricted()));
    all.addAll(Refusal.ofOthers(family));
    return all;
  }

  /**
   * A VIP with an entry in {@link KubeSet#LOAD_BALANCER_SOURCE_IP} is open to the node.
   *
   * @param third what the entry's third part, the VIP again, is compared with: the source, where
   *     packets of the node can only be told by it; the destination, where all packets are the
   *     node's, whichever of its addresses they come from
   */
  private List<Rule> sourceRanges(Direction third) {
    KubeSet ranges = KubeSet.LOAD_BALANCER_SOURCE_CIDR;
    KubeSet node = KubeSet.LOAD_BALANCER_SOURCE_IP;
    return List.of(
        rules.commented(
            Verdict.RETURN, ranges, rules.in(ranges, Direction.DST, Direction.DST, Direction.SRC)),
        rules.commented(Verdict.RETURN, node, rules.in(node, Direction.DST, Direction.DST, third)),
        Rule.of(Verdict.DROP));
  }

  private Rule dropInternal() {
    KubeSet set = KubeSet.NO_LOCAL_INTERNAL;
    return rules.commented(Verdict.DROP, set, rules.to(set), NEW);
  }

  /**
   * Pods are let through. Where nobody can tell them from other clients they are dropped too, as by
   * kube-proxy in iptables mode: a local policy rather fails than leaks.
   */
  private Rule dropExternal() {
    KubeSet set = KubeSet.NO_LOCAL_EXTERNAL;
    return rules
        .notFromPods(settings.detectLocal())
        .map(notFromPods -> rules.commented(Verdict.DROP, set, rules.to(set), NEW, notFromPods))
        .orElseGet(() -> rules.commented(Verdict.DROP, set, rules.to(set), NEW));
  }

  /** Ports of VIPs that are no Service's must not lead to sockets of the host. */
  private List<Rule> ipvsFilter() {
    List<Rule> all = new ArrayList<>();
    all.add(dropInternal());
    all.add(dropExternal());
    for (KubeSet served :
        List.of(
            KubeSet.LOAD_BALANCER,
            KubeSet.CLUSTER_IP,
            KubeSet.EXTERNAL_IP,
            KubeSet.EXTERNAL_IP_LOCAL,
            KubeSet.HEALTH_CHECK_NODE_PORT)) {
      all.add(Rule.of(Verdict.RETURN, rules.to(served)));
    }
    all.add(Rule.of(Verdict.RETURN, Match.echoRequest(KubeRules.toolFamily(family))));
    Match anyVip = rules.in(KubeSet.IPVS_IPS, Direction.DST);
    all.add(Rule.of(Target.rejectTcpReset(), Match.protocol(Transport.TCP), NEW, anyVip));
    all.add(Rule.of(Target.rejectPortUnreachable(KubeRules.toolFamily(family)), NEW, anyVip));
    return all;
  }
}
