package io.kubeipvs.proxy.check;

import io.kubeipvs.proxy.check.facts.Balancing;
import io.kubeipvs.proxy.check.facts.Modules.State;
import io.kubeipvs.proxy.check.facts.NodeFacts;
import java.util.List;

/**
 * Whether the kernel has the scheduler Services get. A list of modules is less sure than asking the
 * kernel, but asking means writing to its table.
 */
final class SchedulerCheck implements Check {
  static final String ID = "scheduler";

  @Override
  public List<Finding> look(NodeFacts facts) {
    String name = facts.wanted().scheduler().name();
    String module = "ip_vs_" + name;
    boolean used =
        facts.balancing().map(Balancing::entries).value().orElse(List.of()).stream()
            .anyMatch(entry -> entry.service().scheduler().equals(facts.wanted().scheduler()));
    State state = facts.modules().of(module);
    if (used || state.isThere()) {
      String evidence = used ? "a virtual service has it" : module + " is loaded";
      return List.of(Finding.ok(ID, "the scheduler " + name + " is there", evidence));
    }
    return switch (state) {
      case ABSENT ->
          List.of(
              Finding.of(
                      ID,
                      Severity.ERROR,
                      "this kernel lacks the scheduler " + name,
                      "no module " + module + " in /lib/modules/" + facts.release())
                  .remedy("choose another (--ipvs-scheduler), or another kernel"));
      case LOADABLE ->
          List.of(
              Finding.of(
                      ID,
                      Severity.INFO,
                      "the scheduler " + name + " is not loaded; the kernel does that itself",
                      module + " could be loaded")
                  .remedy("modprobe " + module)
                  .fix(new Fix.LoadModules(List.of(module))));
      default ->
          List.of(
              Finding.of(
                  ID,
                  Severity.INFO,
                  "whether there is the scheduler " + name + " shows when it is used first",
                  module + " is not in /sys/module"));
    };
  }
}
