package io.kubeipvs.proxy.check;

import io.kubeipvs.proxy.check.facts.NodeFacts;
import java.util.List;

/**
 * Before 6.2 one timer estimates the rates of all services and servers at once, in a softirq: with
 * thousands of them everything else on that core waits.
 */
final class EstimationCheck implements Check {
  static final String ID = "estimation";

  private static final int MANY = 5000;
  private static final String SWITCH = "net/ipv4/vs/run_estimation";

  @Override
  public List<Finding> look(NodeFacts facts) {
    long estimated =
        facts.balancing().map(table -> table.entries().size() + table.servers()).value().orElse(0L);
    boolean inOneGo = facts.version().map(version -> version.isBefore(6, 2)).orElse(false);
    String evidence = estimated + " services and servers, kernel " + facts.release();
    if (!inOneGo || estimated < MANY || facts.sysctls().is(SWITCH, 0)) {
      return facts.balancing().isPresent()
          ? List.of(Finding.ok(ID, "estimating rates costs little here", evidence))
          : List.of();
    }
    boolean switchable = facts.sysctls().text(SWITCH).isPresent();
    return List.of(
        Finding.of(
                ID,
                Severity.INFO,
                "each two seconds this kernel estimates the rates of all services in one go, which"
                    + " delays packets",
                evidence)
            .remedy(
                switchable
                    ? "sysctl -w net.ipv4.vs.run_estimation=0, if nobody needs ipvsadm --rate"
                    : "a kernel of 6.2 or later spreads that over threads"));
  }
}
