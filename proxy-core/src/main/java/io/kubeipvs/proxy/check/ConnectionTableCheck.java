package io.kubeipvs.proxy.check;

import io.kubeipvs.proxy.check.facts.Balancing;
import io.kubeipvs.proxy.check.facts.NodeFacts;
import java.util.List;

/** IPVS finds a connection by walking one of its table's buckets. */
final class ConnectionTableCheck implements Check {
  static final String ID = "ipvs-connection-table";

  /** So many steps for each packet begin to show. */
  private static final int MANY_PER_BUCKET = 16;

  @Override
  public List<Finding> look(NodeFacts facts) {
    if (!facts.balancing().isPresent()) {
      return List.of();
    }
    Balancing table = facts.balancing().value().orElseThrow();
    int buckets = Math.max(1, table.info().connectionTableSize());
    long perBucket = table.connections() / buckets;
    String evidence = table.connections() + " connections, " + buckets + " buckets";
    if (perBucket < MANY_PER_BUCKET) {
      return List.of(Finding.ok(ID, "the table of IPVS connections is large enough", evidence));
    }
    int bits = Math.min(20, 64 - Long.numberOfLeadingZeros(table.connections() - 1));
    return List.of(
        Finding.of(
                ID,
                Severity.WARNING,
                "the hash table of IPVS is small for its connections: each packet costs more",
                evidence,
                perBucket + " connections a bucket")
            .remedy(
                "options ip_vs conn_tab_bits="
                    + bits
                    + " in /etc/modprobe.d/ip_vs.conf, then load the module anew (restart)"));
  }
}
