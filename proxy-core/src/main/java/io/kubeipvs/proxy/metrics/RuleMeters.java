package io.kubeipvs.proxy.metrics;

import io.kubeipvs.iptables.Table;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.apply.RuleFigures;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** What kube-proxy tells of its rules in iptables mode. */
record RuleMeters(
    Meters meters, AddressFamily family, Supplier<Map<AddressFamily, RuleFigures>> figures) {
  private static final RuleFigures NONE = new RuleFigures(Map.of(), Map.of(), 0, 0);

  void register() {
    String name = LoopFigures.name(family);
    for (Table table : List.of(Table.FILTER, Table.NAT)) {
      meters.gaugeOf(
          Metric.KUBEPROXY_SYNC_PROXY_RULES_IPTABLES_TOTAL,
          () -> of(now -> now.rules().getOrDefault(table, 0)),
          table.toString(),
          name);
      meters.gaugeOf(
          Metric.KUBEPROXY_SYNC_PROXY_RULES_IPTABLES_LAST,
          () -> of(now -> now.lastWritten().getOrDefault(table, 0)),
          table.toString(),
          name);
    }
    meters.counterOf(
        Metric.KUBEPROXY_SYNC_PROXY_RULES_IPTABLES_PARTIAL_RESTORE_FAILURES_TOTAL,
        () -> of(RuleFigures::partialRestoreFailures),
        name);
  }

  private double of(ToDoubleFunction<RuleFigures> figure) {
    return figure.applyAsDouble(figures.get().getOrDefault(family, NONE));
  }
}
