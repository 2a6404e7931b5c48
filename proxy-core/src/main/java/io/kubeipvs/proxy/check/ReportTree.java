package io.kubeipvs.proxy.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A report for a program: the same members in JSON and YAML. */
public final class ReportTree {
  private ReportTree() {}

  public static Map<String, Object> of(Report report, Fixer.Result fixed) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("worst", report.worst().toString());
    Map<String, Object> counts = new LinkedHashMap<>();
    for (Severity severity : Severity.values()) {
      counts.put(severity.toString(), report.count(severity));
    }
    tree.put("counts", counts);
    tree.put("fixed", fixed.done());
    tree.put("notFixed", fixed.failed());
    List<Object> findings = new ArrayList<>();
    report.findings().forEach(finding -> findings.add(finding(finding)));
    tree.put("findings", findings);
    return tree;
  }

  private static Map<String, Object> finding(Finding finding) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("id", finding.id());
    tree.put("severity", finding.severity().toString());
    tree.put("reason", finding.reason());
    tree.put("evidence", finding.evidence());
    tree.put("remedy", finding.remedy());
    tree.put("fixable", finding.fix().isPresent());
    return tree;
  }
}
