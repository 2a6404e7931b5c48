package io.kubeipvs.proxy.plan.ipvs;

import io.kubeipvs.iptables.ChainKey;
import io.kubeipvs.iptables.ChainPattern;
import io.kubeipvs.iptables.Jump;
import io.kubeipvs.iptables.Match;
import io.kubeipvs.iptables.Obsolete;
import io.kubeipvs.iptables.Rule;
import io.kubeipvs.iptables.RuleSet;
import io.kubeipvs.iptables.Table;
import io.kubeipvs.iptables.Target;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.plan.RuleSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The rules of IPVS mode. They are the same whatever Services there are, so a change of Services
 * never writes one: each rule stands, also while the set it looks into is empty.
 *
 * <p>They are kube-proxy's in chains, names and meaning, but for this:
 *
 * <ul>
 *   <li>In nat {@code KUBE-SERVICES}, cluster IPs and load balancer IPs are accepted before {@code
 *       KUBE-NODE-PORT} is asked. VIPs are local addresses, so a cluster IP's port that happens to
 *       be somebody's node port was masqueraded (or not) as that one wanted.
 *   <li>The rules with {@code physdev} are left out. External IPs are local here, so the rule
 *       behind them does the same; and loading {@code xt_physdev} loads {@code br_netfilter}, which
 *       makes bridged traffic pass the packet filter on machines where it did not.
 *   <li>The node's own traffic to a VIP with {@code externalTrafficPolicy: Local} is masqueraded.
 *       It may go to another node, where an answer to the VIP would be lost.
 *   <li>New connections that a local policy keeps out are dropped ({@link
 *       KubeSet#NO_LOCAL_INTERNAL}, {@link KubeSet#NO_LOCAL_EXTERNAL}). Established ones are not:
 *       their server may be draining.
 *   <li>What has no endpoints is refused before IPVS sees it ({@link Refusal}), and TCP by a reset
 *       wherever it is refused.
 *   <li>A VIP answers ping.
 *   <li>What the node itself may not reach is decided in mangle {@code KUBE-IPVS-OUT-FILTER}. IPVS
 *       takes local packets before filter OUTPUT sees them (priority -98 against 0), so kube-proxy
 *       has a rule there for each restricted VIP, which looks for what IPVS already translated. In
 *       mangle (-150) the packets still carry the VIP, and three rules with sets do for all. The
 *       chain of that name in filter is kept: it takes the old rules away from a kube-proxy that
 *       ran before.
 * </ul>
 */
public final class RulePlanner {
  private RulePlanner() {}

  public static RuleSet plan(AddressFamily family, RuleSettings settings) {
    Map<ChainKey, List<Rule>> chains = new TreeMap<>();
    chains.putAll(new NatRules(family, settings).chains());
    chains.putAll(new FilterRules(family, settings).chains());
    List<Jump> jumps = new ArrayList<>(jumps());
    if (Refusal.leadsPastIpvs(family)) {
      chains.put(ChainKey.of(Table.NAT, "KUBE-NO-ENDPOINTS"), Refusal.leadingPastIpvs(family));
      jumps.add(jump(Table.NAT, "OUTPUT", "kubernetes ipvs refusals", "KUBE-NO-ENDPOINTS"));
    }
    return RuleSet.of(KubeRules.toolFamily(family), chains, jumps).withObsolete(obsolete());
  }

  /** The last of a built-in chain ends up as its first rule. */
  private static List<Jump> jumps() {
    return List.of(
        jump(Table.NAT, "OUTPUT", "kubernetes service portals", "KUBE-SERVICES"),
        jump(Table.NAT, "PREROUTING", "kubernetes service portals", "KUBE-SERVICES"),
        jump(Table.NAT, "POSTROUTING", "kubernetes postrouting rules", "KUBE-POSTROUTING"),
        jump(Table.FILTER, "FORWARD", "kubernetes forwarding rules", "KUBE-FORWARD"),
        jump(Table.FILTER, "INPUT", "kubernetes health check rules", "KUBE-NODE-PORT"),
        jump(Table.FILTER, "INPUT", "kube-proxy firewall rules", "KUBE-PROXY-FIREWALL"),
        jump(Table.FILTER, "FORWARD", "kube-proxy firewall rules", "KUBE-PROXY-FIREWALL"),
        jump(Table.FILTER, "INPUT", "kubernetes ipvs access filter", "KUBE-IPVS-FILTER"),
        jump(Table.FILTER, "OUTPUT", "kubernetes ipvs access filter", "KUBE-IPVS-OUT-FILTER"),
        jump(Table.MANGLE, "OUTPUT", "kubernetes ipvs access filter", "KUBE-IPVS-OUT-FILTER"));
  }

  private static Jump jump(Table table, String from, String comment, String to) {
    return new Jump(table, from, Rule.of(Target.jumpTo(to), Match.comment(comment)));
  }

  /**
   * What kube-proxy 1.20 had besides. {@code KUBE-MARK-DROP} is kubelet's, which fills it;
   * kube-proxy made an empty one where there was no kubelet. The chain {@code KUBE-FIREWALL} of
   * filter is kubelet's too.
   */
  private static Obsolete obsolete() {
    return new Obsolete(
        List.of(),
        List.of(
            ChainPattern.of(ChainKey.of(Table.NAT, "KUBE-FIREWALL")),
            ChainPattern.ifEmpty(ChainKey.of(Table.NAT, "KUBE-MARK-DROP"))));
  }
}
