package io.kubeipvs.proxy.check;

import io.kubeipvs.iptables.Family;
import io.kubeipvs.proxy.check.facts.Modules.State;
import io.kubeipvs.proxy.check.facts.NodeFacts;
import io.kubeipvs.proxy.check.facts.Rules;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whether both families can be served. The proxy goes on with one, as kube-proxy does; without the
 * family of the node's first address it does not start.
 */
final class ServedFamilies {
  static final String ID = "families";

  /** Those that legacy tools need. */
  static final Set<String> MODULES = Set.of("ip_tables", "ip6_tables");

  private ServedFamilies() {}

  /** Nothing where both are. */
  static List<Finding> look(Rules rules, NodeFacts facts) {
    List<Finding> findings = new ArrayList<>();
    for (Family family : Family.values()) {
      if (family == Family.IPV6 && hasNoIpv6(facts)) {
        findings.add(Finding.ok(ID, "IPv6 is not served: the kernel was told to do without it"));
      } else {
        missing(family, rules, facts).forEach(findings::add);
      }
    }
    return findings;
  }

  /** Its settings are there with it. */
  private static boolean hasNoIpv6(NodeFacts facts) {
    return facts.sysctls().text("net/ipv6/conf/all/forwarding").isEmpty();
  }

  private static Stream<Finding> missing(Family family, Rules rules, NodeFacts facts) {
    String why = rules.missing().get(family);
    if (why != null) {
      return Stream.of(
          Finding.of(ID, Severity.WARNING, word(family) + " Services are not served here", why)
              .remedy(
                  "install the package iptables with its "
                      + family.toolName()
                      + " tools and start the proxy again, if the cluster has "
                      + word(family)));
    }
    String module = family == Family.IPV4 ? "ip_tables" : "ip6_tables";
    boolean legacy = rules.chosen().endsWith("-legacy");
    return legacy && facts.modules().of(module) == State.ABSENT
        ? Stream.of(
            Finding.of(
                    ID,
                    Severity.WARNING,
                    word(family) + " Services are not served here",
                    "the kernel lacks the tables of " + rules.chosen() + ": no module " + module)
                .remedy("use a kernel that has the module, or the nft tools"))
        : Stream.of();
  }

  private static String word(Family family) {
    return family == Family.IPV4 ? "IPv4" : "IPv6";
  }
}
