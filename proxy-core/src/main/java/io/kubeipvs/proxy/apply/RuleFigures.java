package io.kubeipvs.proxy.apply;

import io.kubeipvs.iptables.Table;
import java.util.Map;

/**
 * What kube-proxy counts of one family's rules.
 *
 * @param rules of ours there should be, by table
 * @param lastWritten in the last load, by table
 * @param restoreFailures runs of {@code iptables-restore} that failed
 * @param partialRestoreFailures of those, loads of changes alone, which a comparison followed
 */
public record RuleFigures(
    Map<Table, Integer> rules,
    Map<Table, Integer> lastWritten,
    long restoreFailures,
    long partialRestoreFailures) {
  public RuleFigures {
    rules = Map.copyOf(rules);
    lastWritten = Map.copyOf(lastWritten);
  }
}
