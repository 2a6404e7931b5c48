package io.kubeipvs.proxy.sync;

import io.kubeipvs.proxy.apply.Failure;
import io.kubeipvs.proxy.source.Problem;
import io.kubeipvs.proxy.state.Conflict;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * One line for each sync that did something, and one for each thing that is wrong: when it turns
 * up, and when it is over.
 */
public final class SyncLog {
  private static final Logger LOG = LogManager.getLogger("io.kubeipvs.sync");

  private Set<String> known = Set.of();

  public void report(SyncReport report, SyncStatus status) {
    Set<String> wrong = new HashSet<>();
    for (Problem problem : status.problems()) {
      wrong.add("skipped: " + problem);
    }
    for (Conflict conflict : status.conflicts()) {
      wrong.add("conflict: " + conflict);
    }
    for (String obstacle : status.obstacles()) {
      wrong.add("incomplete: " + obstacle);
    }
    for (Failure failure : status.failures()) {
      wrong.add("failed: " + failure);
    }
    sorted(wrong).stream().filter(line -> !known.contains(line)).forEach(LOG::warn);
    sorted(known).stream()
        .filter(line -> !wrong.contains(line))
        .forEach(l -> LOG.info("over: {}", l));
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
    }
  }

  private static List<String> sorted(Set<String> lines) {
    return lines.stream().sorted().toList();
  }
}
