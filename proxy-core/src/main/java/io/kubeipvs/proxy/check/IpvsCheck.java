package io.kubeipvs.proxy.check;

import io.kubeipvs.ipvs.IpvsInfo;
import io.kubeipvs.proxy.check.facts.Balancing;
import io.kubeipvs.proxy.check.facts.NodeFacts;
import io.kubeipvs.proxy.check.facts.Rights;
import java.util.List;

/** Whether there is an IPVS that answers. */
final class IpvsCheck implements Check {
  static final String ID = "ipvs";

  @Override
  public List<Finding> look(NodeFacts facts) {
    if (facts.balancing().isPresent()) {
      IpvsInfo info = facts.balancing().map(Balancing::info).value().orElseThrow();
      return List.of(Finding.ok(ID, "the kernel balances", "IPVS " + info.versionText()));
    }
    String missing = facts.balancing().missing();
    if (!facts.rights().has(Rights.NET_ADMIN)) {
      return List.of(Finding.unknown(ID, "the IPVS table", missing));
    }
    return List.of(
        Finding.of(ID, Severity.ERROR, "the kernel does not balance: there is no IPVS", missing)
            .remedy("modprobe ip_vs; without that module only --mode=iptables can serve")
            .fix(new Fix.LoadModules(List.of("ip_vs"))));
  }
}
