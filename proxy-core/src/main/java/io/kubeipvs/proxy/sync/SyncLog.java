package io.kubeipvs.proxy.sync;

import io.kubeipvs.proxy.apply.Failure;
import io.kubeipvs.proxy.source.Problem;
import io.kubeipvs.proxy.state.Conflict;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * One line for each sync that did something, and one for each thing that is wrong: when it turns
 * up, and when it is over.
 */
public final class SyncLog {
  private static final Logger LOG = LogManager.getLogger("io.kubeipvs.sync");

  private static final String FAILED = "failed: ";
  private static final String INCOMPLETE = "incomplete: ";
  private static final String CONFLICT = "conflict: ";
  private static final String SKIPPED = "skipped: ";
  private static final List<String> KINDS = List.of(INCOMPLETE, FAILED, CONFLICT, SKIPPED);

  /** Of one kind, in one sync. */
  private static final int LINES = 50;

  private Set<String> known = Set.of();

  public void report(SyncReport report, SyncStatus status) {
    Set<String> wrong = new HashSet<>();
    for (Problem problem : status.problems()) {
      wrong.add(SKIPPED + problem);
    }
    for (Conflict conflict : status.conflicts()) {
      wrong.add(CONFLICT + conflict);
    }
    for (String obstacle : status.obstacles()) {
      wrong.add(INCOMPLETE + obstacle);
    }
    for (Failure failure : status.failures()) {
      wrong.add(FAILED + failure);
    }
    for (String kind : KINDS) {
      news(of(kind, wrong), known).forEach(LOG::warn);
      news(of(kind, known), wrong).forEach(line -> LOG.info("over: {}", line));
    }
    known = wrong;
    if (!report.didNothing()) {
      LOG.info(
          "synced {} services, {} servers in {} ms{}: {}{}",
          status.services(),
          status.servers(),
          report.duration().toMillis(),
          report.full() ? " (full)" : "",
          report.doneByPhase(),
          report.failures().isEmpty() ? "" : ", failures: " + report.failures().size());
    } else if (report.full()) {
      LOG.debug("nothing to do, looked in {} ms", report.duration().toMillis());
    }
  }

  private static List<String> of(String kind, Set<String> lines) {
    return lines.stream().filter(line -> line.startsWith(kind)).toList();
  }

  /** Lines that are in the first alone: not one for each of the thousands that may fail at once. */
  static List<String> news(Collection<String> lines, Set<String> others) {
    List<String> all = lines.stream().filter(line -> !others.contains(line)).sorted().toList();
    if (all.size() <= LINES) {
      return all;
    }
    String rest = "and " + (all.size() - LINES) + " more lines like these; /debug/state has them";
    return Stream.concat(all.stream().limit(LINES), Stream.of(rest)).toList();
  }
}
