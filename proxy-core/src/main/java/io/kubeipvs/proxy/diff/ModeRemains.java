package io.kubeipvs.proxy.diff;

import io.kubeipvs.iptables.Jump;
import io.kubeipvs.iptables.Obsolete;
import io.kubeipvs.iptables.RuleSet;
import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.iptables.Table;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.model.NodeAddresses;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.plan.PlanContext;
import io.kubeipvs.proxy.plan.PlanSettings;
import io.kubeipvs.proxy.plan.RuleSettings;
import io.kubeipvs.proxy.plan.iptables.IptablesPlanner;
import io.kubeipvs.proxy.plan.iptables.IptablesSettings;
import io.kubeipvs.proxy.plan.ipvs.RulePlanner;
import java.util.ArrayList;
import java.util.List;

/**
 * What one mode leaves in the tables for the other to take away, be it ours or kube-proxy's. Chains
 * that both have are no remains: the new mode writes its own rules into them.
 */
public final class ModeRemains {
  private static final PlanContext ANY_NODE =
      new PlanContext(NodeInfo.named(""), NodeAddresses.NONE, PlanSettings.DEFAULT);

  private ModeRemains() {}

  /** Of iptables mode. */
  public static Obsolete ofIptables(AddressFamily family) {
    return iptables(family).removal().obsolete();
  }

  /** Of IPVS mode. */
  public static Obsolete ofIpvs(AddressFamily family) {
    return ipvs(family).removal().obsolete();
  }

  /** All that either mode makes. */
  public static RuleSet ofBoth(AddressFamily family) {
    RuleSet iptables = iptables(family).removal();
    return iptables.withObsolete(iptables.obsolete().and(ofIpvs(family)));
  }

  /**
   * Jumps of IPVS mode that must not stand beside the rules of iptables mode, not even while
   * connections of IPVS go on: they lead to chains that mean something else then, or past the
   * translation of new connections.
   */
  public static Obsolete inTheWayOfIptables(AddressFamily family) {
    RuleSet iptables = iptables(family);
    List<Jump> inTheWay = new ArrayList<>();
    for (Jump jump : ipvs(family).jumps()) {
      boolean sharedChain = iptables.chains().containsKey(jump.target());
      if (!iptables.jumps().contains(jump) && (sharedChain || jump.table() == Table.NAT)) {
        inTheWay.add(jump);
      }
    }
    return new Obsolete(inTheWay, List.of());
  }

  /** Whether iptables mode serves by these. */
  public static boolean isIptables(SavedRules saved) {
    return saved.table(Table.NAT).chains().keySet().stream()
        .anyMatch(chain -> chain.startsWith("KUBE-SVC-") || chain.equals("KUBE-NODEPORTS"));
  }

  private static RuleSet iptables(AddressFamily family) {
    return IptablesPlanner.constants(family, ANY_NODE, IptablesSettings.DEFAULT);
  }

  private static RuleSet ipvs(AddressFamily family) {
    return RulePlanner.plan(family, RuleSettings.DEFAULT);
  }
}
