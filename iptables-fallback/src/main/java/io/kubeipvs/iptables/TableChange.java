package io.kubeipvs.iptables;

import java.util.ArrayList;
import java.util.List;

/**
 * What one restore does to one table, in this order.
 *
 * @param chains a chain stands behind those it jumps to
 * @param rules commands on chains that several owners share
 * @param jumps commands on built-in chains
 * @param flushed chains emptied, so that none refers to another any more
 * @param deleted some of {@code flushed}
 */
record TableChange(
    Table table,
    List<ChainChange> chains,
    List<String> rules,
    List<String> jumps,
    List<String> flushed,
    List<String> deleted) {

  /**
   * @param declared {@code :CHAIN - [0:0]} makes the chain, or empties it
   * @param commands {@code -A}, {@code -D} and {@code -I} lines
   */
  record ChainChange(String chain, boolean declared, List<String> commands) {
    ChainChange {
      commands = List.copyOf(commands);
    }

    /** The whole chain with exactly these rules. */
    static ChainChange written(String chain, List<String> rules) {
      List<String> commands = new ArrayList<>(rules.size());
      String append = "-A " + chain;
      rules.forEach(rule -> commands.add(ChainDiff.command(append, rule)));
      return new ChainChange(chain, true, commands);
    }
  }

  TableChange {
    chains = List.copyOf(chains);
    rules = List.copyOf(rules);
    jumps = List.copyOf(jumps);
    flushed = List.copyOf(flushed);
    deleted = List.copyOf(deleted);
  }

  /** How many rules are written, whatever is taken away. */
  int ruleCount() {
    long inChains =
        chains.stream()
            .flatMap(chain -> chain.commands().stream())
            .filter(TableChange::adds)
            .count();
    return (int)
        (inChains
            + rules.stream().filter(TableChange::adds).count()
            + jumps.stream().filter(TableChange::adds).count());
  }

  private static boolean adds(String command) {
    return !command.startsWith("-D ");
  }

  boolean isEmpty() {
    return chains.isEmpty()
        && rules.isEmpty()
        && jumps.isEmpty()
        && flushed.isEmpty()
        && deleted.isEmpty();
  }
}
