package io.kubeipvs.proxy.metrics;

import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.route.RouteCommand;
import io.kubeipvs.proxy.apply.Failure;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.state.ChangeTracker;
import io.kubeipvs.proxy.sync.Repair;
import io.kubeipvs.proxy.sync.SyncReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What metrics keep of a sync: numbers, so that a report with 100,000 operations need not be held
 * until they are counted.
 */
record SyncSummary(
    boolean full,
    boolean complete,
    Duration duration,
    Map<String, Duration> took,
    Map<String, Integer> done,
    Map<String, Integer> failed,
    Map<String, Integer> repairs,
    Set<AddressFamily> rulesFailed,
    int forgottenFlows,
    boolean inForce,
    List<ChangeTracker.Trigger> triggers,
    Instant at) {

  static SyncSummary of(SyncReport report, ChangeTracker.Applied applied, Instant at) {
    Set<AddressFamily> rulesFailed = EnumSet.noneOf(AddressFamily.class);
    for (Failure failure : report.failures()) {
      if (failure.operation() instanceof Operation.Rules rules) {
        rulesFailed.add(rules.family());
      }
      if (failure.operation() instanceof Operation.ServiceRules rules) {
        rulesFailed.add(rules.family());
      }
    }
    return new SyncSummary(
        report.full(),
        report.failures().isEmpty(),
        report.duration(),
        report.took(),
        byKind(report.done()),
        byKind(report.failures().stream().map(Failure::operation).toList()),
        byKind(report.repairs().stream().map(Repair::operation).toList()),
        rulesFailed,
        report.forgottenFlows(),
        applied.inForce(),
        applied.triggers(),
        at);
  }

  private static Map<String, Integer> byKind(List<Operation> operations) {
    Map<String, Integer> counts = new TreeMap<>();
    operations.forEach(operation -> counts.merge(kind(operation), 1, Integer::sum));
    return counts;
  }

  /** Every kind there is. */
  static List<String> kinds() {
    List<String> kinds = new ArrayList<>();
    for (Class<?> type : IpvsCommand.class.getPermittedSubclasses()) {
      kinds.add(snake(type));
    }
    for (Class<?> type : RouteCommand.class.getPermittedSubclasses()) {
      kinds.add(snake(type));
    }
    for (Class<?> type : SetCommand.class.getPermittedSubclasses()) {
      kinds.add(setKind(type));
    }
    kinds.addAll(List.of("restore_rules", "add_device", "delete_device", "forget_flows"));
    return kinds;
  }

  private static String setKind(Class<?> type) {
    boolean entry = type == SetCommand.Add.class || type == SetCommand.Delete.class;
    return snake(type) + (entry ? "_entry" : "_set");
  }

  /** {@code add_server}, {@code delete_entry}, {@code add_route}, {@code restore_rules}. */
  static String kind(Operation operation) {
    if (operation instanceof Operation.Ipvs ipvs) {
      return snake(ipvs.command().getClass());
    }
    if (operation instanceof Operation.Vip vip) {
      return snake(vip.command().getClass());
    }
    if (operation instanceof Operation.Sets sets) {
      return setKind(sets.command().getClass());
    }
    return operation instanceof Operation.Rules || operation instanceof Operation.ServiceRules
        ? "restore_rules"
        : snake(operation.getClass());
  }

  private static String snake(Class<?> type) {
    return type.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }
}
