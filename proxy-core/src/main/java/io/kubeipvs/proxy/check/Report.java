package io.kubeipvs.proxy.check;

import java.util.Comparator;
import java.util.List;

/** All findings about a node, in the order of the questions. */
public record Report(List<Finding> findings) {
  public Report {
    findings = List.copyOf(findings);
  }

  public Severity worst() {
    return findings.stream()
        .map(Finding::severity)
        .max(Comparator.naturalOrder())
        .orElse(Severity.OK);
  }

  public long count(Severity severity) {
    return findings.stream().filter(finding -> finding.severity() == severity).count();
  }

  /** Changes that would answer some of them. */
  public List<Fix> fixes() {
    return findings.stream().flatMap(finding -> finding.fix().stream()).distinct().toList();
  }
}
