package io.kubeipvs.proxy.plan.ipvs;

import io.kubeipvs.iptables.ChainKey;
import io.kubeipvs.iptables.Match;
import io.kubeipvs.iptables.Match.Direction;
import io.kubeipvs.iptables.Match.Transport;
import io.kubeipvs.iptables.Rule;
import io.kubeipvs.iptables.Table;
import io.kubeipvs.iptables.Target;
import io.kubeipvs.iptables.Target.Verdict;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.plan.RuleSettings;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Who is masqueraded. IPVS itself translates the destination. */
final class NatRules {
  private static final Target MARK_MASQUERADE = Target.jumpTo("KUBE-MARK-MASQ");

  private final AddressFamily family;
  private final RuleSettings settings;
  private final KubeRules rules;

  NatRules(AddressFamily family, RuleSettings settings) {
    this.family = family;
    this.settings = settings;
    this.rules = new KubeRules(family);
  }

  Map<ChainKey, List<Rule>> chains() {
    return Map.of(
        chain("KUBE-SERVICES"), services(),
        chain("KUBE-LOAD-BALANCER"), loadBalancer(),
        chain("KUBE-NODE-PORT"), nodePort(),
        chain("KUBE-POSTROUTING"), postrouting(),
        chain("KUBE-MARK-MASQ"),
            List.of(Rule.of(Target.setXmark(settings.mark(), settings.mark()))));
  }

  private static ChainKey chain(String name) {
    return ChainKey.of(Table.NAT, name);
  }

  private List<Rule> services() {
    String loopback = family == AddressFamily.IPV4 ? "127.0.0.0/8" : "::1/128";
    return List.of(
        Rule.of(Verdict.RETURN, Match.source(loopback)),
        rules.commented(
            Target.jumpTo("KUBE-LOAD-BALANCER"),
            KubeSet.LOAD_BALANCER,
            rules.to(KubeSet.LOAD_BALANCER)),
        clusterIp(),
        rules.commented(MARK_MASQUERADE, KubeSet.EXTERNAL_IP, rules.to(KubeSet.EXTERNAL_IP)),
        acceptExternal(KubeSet.EXTERNAL_IP),
        markLocal(KubeSet.EXTERNAL_IP_LOCAL),
        acceptExternal(KubeSet.EXTERNAL_IP_LOCAL),
        Rule.of(Verdict.ACCEPT, rules.to(KubeSet.CLUSTER_IP)),
        Rule.of(Verdict.ACCEPT, rules.to(KubeSet.LOAD_BALANCER)),
        Rule.of(Target.jumpTo("KUBE-NODE-PORT"), Match.destinationIsLocal()));
  }

  /**
   * Who comes to a cluster IP from outside the pods is masqueraded. Where nobody knows the pods, it
   * is at least what comes from a VIP itself: the node's own traffic, with VIPs as addresses.
   */
  private Rule clusterIp() {
    KubeSet set = KubeSet.CLUSTER_IP;
    if (settings.masqueradeAll()) {
      return rules.commented(MARK_MASQUERADE, set, rules.to(set));
    }
    return rules
        .notFromPods(settings.detectLocal())
        .map(notFromPods -> rules.commented(MARK_MASQUERADE, set, rules.to(set), notFromPods))
        .orElseGet(
            () ->
                rules.commented(MARK_MASQUERADE, set, rules.in(set, Direction.SRC, Direction.DST)));
  }

  private Rule acceptExternal(KubeSet set) {
    return rules.commented(Verdict.ACCEPT, set, rules.to(set), Match.destinationIsLocal());
  }

  /** With a local policy clients keep their address; the node has no address of its own to lose. */
  private Rule markLocal(KubeSet set, Match... more) {
    Match[] matches =
        Stream.concat(Stream.of(more), Stream.of(rules.to(set), Match.sourceIsLocal()))
            .toArray(Match[]::new);
    return rules.commented(MARK_MASQUERADE, set, matches);
  }

  private List<Rule> loadBalancer() {
    KubeSet local = KubeSet.LOAD_BALANCER_LOCAL;
    return List.of(
        markLocal(local),
        rules.commented(Verdict.RETURN, local, rules.to(local)),
        Rule.of(MARK_MASQUERADE));
  }

  private List<Rule> nodePort() {
    return Stream.of(
            nodePort(Transport.TCP, KubeSet.NODE_PORT_LOCAL_TCP, KubeSet.NODE_PORT_TCP),
            nodePort(Transport.UDP, KubeSet.NODE_PORT_LOCAL_UDP, KubeSet.NODE_PORT_UDP),
            nodePort(Transport.SCTP, KubeSet.NODE_PORT_LOCAL_SCTP, KubeSet.NODE_PORT_SCTP))
        .flatMap(List::stream)
        .toList();
  }

  private List<Rule> nodePort(Transport transport, KubeSet local, KubeSet all) {
    Match protocol = Match.protocol(transport);
    return List.of(
        markLocal(local, protocol),
        rules.commented(Verdict.RETURN, local, protocol, rules.to(local)),
        rules.commented(MARK_MASQUERADE, all, protocol, rules.to(all)));
  }

  private List<Rule> postrouting() {
    Match hairpin = rules.in(KubeSet.LOOP_BACK, Direction.DST, Direction.DST, Direction.SRC);
    Target masquerade =
        settings.randomFully() ? Target.masqueradeRandomFully() : Target.masquerade();
    return List.of(
        rules.commented(Target.masquerade(), KubeSet.LOOP_BACK, hairpin),
        Rule.of(Verdict.RETURN, Match.notMark(settings.mark(), settings.mark())),
        Rule.of(Target.setXmark(settings.mark(), 0)),
        Rule.of(masquerade, Match.comment("kubernetes service traffic requiring SNAT")));
  }
}
