package io.kubeipvs.proxy.check;

import io.kubeipvs.proxy.check.facts.NodeFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** How full connection tracking is; a full table drops every new connection of the machine. */
final class TrackingTableCheck implements Check {
  static final String ID = "conntrack-table";

  private static final String COUNT = "net/netfilter/nf_conntrack_count";
  private static final String MAXIMUM = "net/netfilter/nf_conntrack_max";
  private static final int WARNING_PERCENT = 75;
  private static final int ERROR_PERCENT = 95;

  @Override
  public List<Finding> look(NodeFacts facts) {
    OptionalLong count = facts.sysctls().number(COUNT);
    OptionalLong maximum = facts.sysctls().number(MAXIMUM);
    if (count.isEmpty() || maximum.isEmpty() || maximum.getAsLong() <= 0) {
      return List.of();
    }
    List<Finding> findings = new ArrayList<>();
    findings.add(fill(count.getAsLong(), maximum.getAsLong()));
    facts
        .dropped()
        .value()
        .filter(drops -> drops.dropped() > 0)
        .ifPresent(
            drops ->
                findings.add(
                    Finding.of(
                            ID,
                            Severity.INFO,
                            "connection tracking had no room for connections at some time since the"
                                + " machine started",
                            drops.dropped() + " packets dropped",
                            drops.early() + " entries thrown out early")
                        .remedy("look at the table's use over time; raise nf_conntrack_max")));
    return findings;
  }

  private static Finding fill(long count, long maximum) {
    long percent = count * 100 / maximum;
    String evidence = "%d of %d entries, %d %%".formatted(count, maximum, percent);
    if (percent < WARNING_PERCENT) {
      return Finding.ok(ID, "connection tracking has room", evidence);
    }
    long doubled = Math.min(maximum * 2, Integer.MAX_VALUE);
    return Finding.of(
            ID,
            percent < ERROR_PERCENT ? Severity.WARNING : Severity.ERROR,
            "the table of connection tracking is nearly full; then new connections are dropped",
            evidence)
        .remedy(
            "sysctl -w net.netfilter.nf_conntrack_max="
                + doubled
                + ", and --conntrack-max-per-core");
  }
}
