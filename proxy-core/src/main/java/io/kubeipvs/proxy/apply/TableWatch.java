package io.kubeipvs.proxy.apply;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.netlink.TableSize;
import io.kubeipvs.netlink.tables.NfTables;
import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * Tells by a few calls, without a process and without reading a rule, whether the packet filter is
 * as it was: nf_tables by their generation, the tables of the legacy tools by their size. The first
 * is proof, the second is not: a rule in the place of another of the same size is not seen.
 *
 * <p>Not for more than one thread at a time.
 */
public final class TableWatch implements Closeable {
  private final Optional<NfTables> tables;
  private final Set<AddressFamily> families;

  /**
   * What can be seen.
   *
   * @param generation of nf_tables; empty where there are none
   * @param sizes of the legacy tables there are
   */
  public record Sight(OptionalLong generation, Map<String, TableSize> sizes) {
    public static final Sight NOTHING = new Sight(OptionalLong.empty(), Map.of());

    public Sight {
      sizes = Map.copyOf(sizes);
    }
  }

  private TableWatch(Optional<NfTables> tables, Set<AddressFamily> families) {
    this.tables = tables;
    this.families = Set.copyOf(families);
  }

  public static TableWatch open(NetlinkTrace trace, Set<AddressFamily> families)
      throws IOException {
    return new TableWatch(NfTables.open(trace), families);
  }

  public Sight look() throws IOException {
    Map<String, TableSize> sizes = new TreeMap<>();
    for (AddressFamily family : families) {
      for (String table : TableSize.tables(family)) {
        TableSize.read(family, table).ifPresent(size -> sizes.put(family + " " + table, size));
      }
    }
    return new Sight(generation(), sizes);
  }

  /** Of nf_tables alone. */
  public OptionalLong generation() throws IOException {
    return tables.isPresent() ? tables.get().generation() : OptionalLong.empty();
  }

  /**
   * Whether packets are still led into our chains, by the rule that every packet to a Service of
   * this node or of others meets first. True where the legacy tools are at work: a look at these is
   * no cheaper.
   */
  public boolean leadsToUs() throws IOException {
    if (tables.isEmpty()) {
      return true;
    }
    for (AddressFamily family : families) {
      if (!tables.get().leads(family, "nat", "PREROUTING", "KUBE-SERVICES")) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    if (tables.isPresent()) {
      tables.get().close();
    }
  }
}
