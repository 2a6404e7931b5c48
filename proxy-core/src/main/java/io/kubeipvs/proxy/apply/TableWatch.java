package io.kubeipvs.proxy.apply;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.netlink.TableSize;
import io.kubeipvs.netlink.tables.Generation;
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
  private final Optional<Generation> generation;
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

  private TableWatch(Optional<Generation> generation, Set<AddressFamily> families) {
    this.generation = generation;
    this.families = Set.copyOf(families);
  }

  public static TableWatch open(NetlinkTrace trace, Set<AddressFamily> families)
      throws IOException {
    return new TableWatch(Generation.open(trace), families);
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
    return generation.isPresent() ? generation.get().read() : OptionalLong.empty();
  }

  @Override
  public void close() throws IOException {
    if (generation.isPresent()) {
      generation.get().close();
    }
  }
}
