package io.kubeipvs.iptables;

import io.kubeipvs.iptables.TableChange.ChainChange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What to give {@code iptables-restore --noflush} so that a {@link RuleSet} is there: only what
 * differs, and nothing at all when nothing does.
 */
public final class Restore {
  private final Family family;
  private final List<TableChange> changes;
  private final List<String> problems;

  Restore(Family family, List<TableChange> changes, List<String> problems) {
    this.family = family;
    this.changes = changes.stream().filter(change -> !change.isEmpty()).toList();
    this.problems = List.copyOf(problems);
  }

  /** One with nothing to do. */
  public static Restore nothing(Family family) {
    return new Restore(family, List.of(), List.of());
  }

  public Family family() {
    return family;
  }

  /** The same, with the translation changed before the firewall. */
  public Restore natFirst() {
    List<TableChange> ordered = new ArrayList<>(changes);
    ordered.sort(Comparator.comparing(change -> change.table() != Table.NAT));
    return new Restore(family, ordered, problems);
  }

  /** Nothing to do; the tool need not run. */
  public boolean isEmpty() {
    return changes.isEmpty();
  }

  /** What stands in the way of a complete job, for a person; the rest is done nevertheless. */
  public List<String> problems() {
    return problems;
  }

  /** All of it in one run of the tool: each table changes at one moment. */
  public String text() {
    return String.join("", chunks(Integer.MAX_VALUE));
  }

  /**
   * The same in several runs: a chain is complete before anything jumps to it and changes at one
   * moment, but two chains may change one after the other. {@code iptables-nft-restore} needs more
   * than linear time for a transaction: 10,000 services took 12 s in one and 1.8 s in parts of 500.
   *
   * @param lines how many a part has at most, unless one chain alone has more
   */
  public List<String> chunks(int lines) {
    Chunks chunks = new Chunks(lines);
    for (TableChange change : changes) {
      chunks.begin(change.table());
      change.chains().forEach(chunks::add);
      change.rules().forEach(chunks::add);
      change.jumps().forEach(chunks::add);
      change.flushed().forEach(chain -> chunks.add(new ChainChange(chain, true, List.of())));
      change.deleted().forEach(chain -> chunks.add("-X " + chain));
      chunks.end();
    }
    return chunks.finished();
  }

  /** How many rules it writes into that table. */
  public int ruleCount(Table table) {
    return changes.stream()
        .filter(change -> change.table() == table)
        .mapToInt(TableChange::ruleCount)
        .sum();
  }

  /** One line for a log: {@code nat: 3 chains, 1 jump}. */
  public String summary() {
    List<String> parts = new ArrayList<>();
    for (TableChange change : changes) {
      parts.add(
          "%s: %d chains written, %d rule and %d jump commands, %d chains emptied, %d deleted"
              .formatted(
                  change.table(),
                  change.chains().size(),
                  change.rules().size(),
                  change.jumps().size(),
                  change.flushed().size(),
                  change.deleted().size()));
    }
    return parts.isEmpty() ? "nothing" : String.join("; ", parts);
  }

  @Override
  public String toString() {
    return text();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Restore restore
        && family == restore.family
        && changes.equals(restore.changes)
        && problems.equals(restore.problems);
  }

  @Override
  public int hashCode() {
    return changes.hashCode();
  }
}
