package io.kubeipvs.proxy.plan.ipvs;

import io.kubeipvs.iptables.Match;
import io.kubeipvs.iptables.Match.ConnectionState;
import io.kubeipvs.iptables.Match.Transport;
import io.kubeipvs.iptables.Rule;
import io.kubeipvs.iptables.Target;
import io.kubeipvs.net.AddressFamily;
import java.util.List;

/**
 * The rules that refuse what nobody serves ({@link KubeSet#NO_ENDPOINTS}).
 *
 * <p>TCP clients get a reset. IPVS would send an ICMP message, which is slow twice: the kernel
 * sends a client no more than one a second after the first six; and an ICMPv6 message that arrives
 * while {@code connect} still holds the socket, as it does on the way back from a node to its pods,
 * is thrown away ({@code LockDroppedIcmps}), so that it takes the repeated SYN, a second later, for
 * the client to notice. A reset waits for the socket.
 *
 * <p>The node's own packets are taken by IPVS before the table filter sees them, and no other table
 * has {@code REJECT}. Over IPv4 the ICMP message does; there is no limit on loopback. Over IPv6 the
 * packets are first led past IPVS, to an address and port that only names them, and are rejected on
 * the way there.
 */
final class Refusal {
  private static final String NOBODY = "::1";
  private static final int NOBODY_PORT = 1;
  private static final KubeSet SET = KubeSet.NO_ENDPOINTS;

  private Refusal() {}

  /** In filter, before IPVS sees what comes in. */
  static List<Rule> ofOthers(AddressFamily family) {
    KubeRules rules = new KubeRules(family);
    Match unserved = rules.to(SET);
    Match begun = Match.connectionState(ConnectionState.NEW);
    return List.of(
        rules.commented(
            Target.rejectTcpReset(), SET, Match.protocol(Transport.TCP), unserved, begun),
        rules.commented(
            Target.rejectPortUnreachable(KubeRules.toolFamily(family)), SET, unserved, begun));
  }

  /** In nat OUTPUT. */
  static List<Rule> leadingPastIpvs(AddressFamily family) {
    KubeRules rules = new KubeRules(family);
    return List.of(
        rules.commented(
            Target.translateTo(NOBODY, NOBODY_PORT),
            SET,
            Match.protocol(Transport.TCP),
            rules.to(SET),
            Match.extension(Transport.TCP)));
  }

  /** In filter OUTPUT. */
  static List<Rule> ofTheNodeItself(AddressFamily family) {
    if (!leadsPastIpvs(family)) {
      return List.of();
    }
    return List.of(
        new KubeRules(family)
            .commented(
                Target.rejectTcpReset(),
                SET,
                Match.destination(NOBODY),
                Match.protocol(Transport.TCP),
                Match.destinationPort(Transport.TCP, NOBODY_PORT),
                Match.connectionState(ConnectionState.DNAT)));
  }

  /** Whether the node's own packets are. */
  static boolean leadsPastIpvs(AddressFamily family) {
    return family == AddressFamily.IPV6;
  }
}
