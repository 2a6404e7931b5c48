package io.kubeipvs.proxy.check;

import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.proxy.check.facts.NodeFacts;
import io.kubeipvs.proxy.check.facts.Rules;
import io.kubeipvs.proxy.config.ProxyMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a kube-proxy in iptables mode or in nftables mode left, which translates before IPVS sees
 * anything, and before rules of ours do.
 */
final class LeftoverRulesCheck implements Check {
  static final String ID = "leftover-rules";

  private static final List<String> OTHER_MODES =
      List.of("KUBE-SVC-", "KUBE-SEP-", "KUBE-FW-", "KUBE-XLB-", "KUBE-EXT-", "KUBE-SVL-");

  @Override
  public List<Finding> look(NodeFacts facts) {
    if (!facts.rules().isPresent()) {
      return List.of();
    }
    List<Finding> findings = new ArrayList<>();
    ofIptables(facts).ifPresent(findings::add);
    ofNftables(facts).ifPresent(findings::add);
    return findings.isEmpty()
        ? List.of(Finding.ok(ID, "no rules of another mode are left"))
        : findings;
  }

  private static Optional<Finding> ofNftables(NodeFacts facts) {
    List<String> tables = facts.rules().value().orElseThrow().kubeProxyTables();
    if (tables.isEmpty()) {
      return Optional.empty();
    }
    boolean ours = balances(facts) || facts.processes().stream().anyMatch(OtherProxyCheck::isOurs);
    String remedy =
        tables.stream()
            .map(table -> "nft delete table " + table)
            .collect(Collectors.joining("; ", "stop that kube-proxy, then `", "`"));
    return Optional.of(
        Finding.of(
                ID,
                ours ? Severity.WARNING : Severity.INFO,
                ours
                    ? "tables of a kube-proxy in nftables mode are left: they translate packets"
                        + " before the proxy's own, to servers that may be gone"
                    : "a kube-proxy in nftables mode serves here, or served",
                tables.stream().map(table -> "nft: table " + table).toList())
            .remedy(remedy));
  }

  private static boolean balances(NodeFacts facts) {
    return facts.balancing().map(table -> !table.entries().isEmpty()).value().orElse(false);
  }

  private static Optional<Finding> ofIptables(NodeFacts facts) {
    List<String> found = new ArrayList<>();
    for (Rules.View view : facts.rules().value().orElseThrow().views()) {
      List<String> chains = chains(view.saved());
      if (!chains.isEmpty()) {
        found.add("%s: %d chains, %s ...".formatted(view.program(), chains.size(), chains.get(0)));
      }
    }
    boolean ipvs = balances(facts) && facts.wanted().mode() == ProxyMode.IPVS;
    boolean ours =
        facts.wanted().mode() == ProxyMode.IPTABLES
            && facts.processes().stream().anyMatch(OtherProxyCheck::isOurs);
    if (found.isEmpty() || ours) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.of(
                ID,
                ipvs ? Severity.WARNING : Severity.INFO,
                ipvs
                    ? "rules of a kube-proxy in iptables mode are left: they translate packets"
                        + " before IPVS sees them, to servers that may be gone"
                    : "a kube-proxy in iptables mode serves here, or served",
                found)
            .remedy("stop that kube-proxy, then run `kube-proxy --cleanup` of its image"));
  }

  private static List<String> chains(SavedRules rules) {
    return rules.tables().values().stream()
        .flatMap(table -> table.chains().keySet().stream())
        .filter(name -> OTHER_MODES.stream().anyMatch(name::startsWith))
        .toList();
  }
}
