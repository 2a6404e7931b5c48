package io.kubeipvs.proxy.check;

import io.kubeipvs.ipset.ObservedSet;
import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.iptables.Table;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.check.facts.NodeFacts;
import io.kubeipvs.proxy.check.facts.Rules;
import io.kubeipvs.proxy.plan.Claim;
import io.kubeipvs.proxy.plan.ipvs.KubeSets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the sets claim, and in iptables mode the chain of node ports. */
final class NodePorts {
  /** {@code -A KUBE-NODEPORTS -p tcp -m comment ... -m tcp --dport 30080 -j KUBE-EXT-...}. */
  private static final Pattern RULE =
      Pattern.compile("(?:^| )-p (tcp|udp|sctp) .*--dport ([0-9]{1,5}) ");

  private NodePorts() {}

  /** A node port that is served. */
  record NodePort(Protocol protocol, int port) {}

  static Set<Claim> claims(List<ObservedSet> sets) {
    Set<Claim> claims = new TreeSet<>();
    for (ObservedSet set : sets) {
      for (SetEntry entry : set.entries()) {
        KubeSets.claim(set.header().name(), entry).ifPresent(claims::add);
      }
    }
    return claims;
  }

  static Set<NodePort> of(NodeFacts facts) {
    Set<NodePort> ports = new LinkedHashSet<>();
    for (Claim claim : facts.sets().map(NodePorts::claims).value().orElse(Set.of())) {
      if (claim instanceof Claim.NodePort own) {
        ports.add(new NodePort(own.protocol(), own.port()));
      }
    }
    for (Rules.View view : facts.rules().map(Rules::views).value().orElse(List.of())) {
      view.saved().table(Table.NAT).rules("KUBE-NODEPORTS").forEach(rule -> add(rule, ports));
    }
    return ports;
  }

  private static void add(String rule, Set<NodePort> ports) {
    Matcher matcher = RULE.matcher(rule);
    if (matcher.find()) {
      int port = Integer.parseInt(matcher.group(2));
      Protocol.ofName(matcher.group(1).toUpperCase(Locale.ROOT))
          .ifPresent(known -> ports.add(new NodePort(known, port)));
    }
  }
}
