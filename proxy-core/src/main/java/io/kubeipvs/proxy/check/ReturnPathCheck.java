package io.kubeipvs.proxy.check;

import io.kubeipvs.proxy.check.facts.NodeFacts;
import java.util.List;

/**
 * {@code rp_filter} 1 drops what comes in by another interface than answers would leave by. Some
 * CNIs want it so and route accordingly.
 */
final class ReturnPathCheck implements Check {
  static final String ID = "rp-filter";

  private static final String ALL = "net/ipv4/conf/all/rp_filter";

  @Override
  public List<Finding> look(NodeFacts facts) {
    String evidence = facts.sysctls().shown(ALL);
    if (facts.sysctls().is(ALL, 1)) {
      return List.of(
          Finding.of(
                  ID,
                  Severity.INFO,
                  "packets that come in by another interface than answers leave by are dropped;"
                      + " nodes with several interfaces lose answers of Services that way",
                  evidence)
              .remedy("where that happens: sysctl -w net.ipv4.conf.all.rp_filter=2"));
    }
    return facts.sysctls().text(ALL).isEmpty()
        ? List.of()
        : List.of(Finding.ok(ID, "reverse paths are not filtered strictly", evidence));
  }
}
