package io.kubeipvs.proxy.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An answer to one question about a node.
 *
 * @param id stable: scripts may rely on it
 * @param reason in one sentence
 * @param evidence what was seen
 * @param remedy what to do; empty when there is nothing to do
 */
public record Finding(
    String id,
    Severity severity,
    String reason,
    List<String> evidence,
    String remedy,
    Optional<Fix> fix) {
  /** A thousand lines of evidence are none. */
  private static final int EVIDENCE_LIMIT = 8;

  public Finding {
    evidence = List.copyOf(evidence);
  }

  static Finding of(String id, Severity severity, String reason, String... evidence) {
    return of(id, severity, reason, List.of(evidence));
  }

  static Finding of(String id, Severity severity, String reason, List<String> evidence) {
    return new Finding(id, severity, reason, shortened(evidence), "", Optional.empty());
  }

  static Finding ok(String id, String reason, String... evidence) {
    return of(id, Severity.OK, reason, evidence);
  }

  static Finding unknown(String id, String what, String why) {
    return of(id, Severity.UNKNOWN, what + " could not be looked at", why);
  }

  private static List<String> shortened(List<String> evidence) {
    if (evidence.size() <= EVIDENCE_LIMIT) {
      return evidence;
    }
    List<String> all = new ArrayList<>(evidence.subList(0, EVIDENCE_LIMIT));
    all.add("and " + (evidence.size() - EVIDENCE_LIMIT) + " more");
    return all;
  }

  Finding remedy(String text) {
    return new Finding(id, severity, reason, evidence, text, fix);
  }

  Finding fix(Fix change) {
    return new Finding(id, severity, reason, evidence, remedy, Optional.of(change));
  }
}
