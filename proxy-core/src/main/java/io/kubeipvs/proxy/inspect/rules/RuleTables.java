package io.kubeipvs.proxy.inspect.rules;

import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.inspect.KernelState;
import io.kubeipvs.proxy.inspect.ToolRules;
import io.kubeipvs.proxy.inspect.memory.DryRun;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tables of rules there are: one that should be, one that is. */
public final class RuleTables {
  private RuleTables() {}

  /**
   * The rules that should be.
   *
   * @param synced in iptables mode
   */
  public static RuleTable wanted(DryRun synced) {
    Map<AddressFamily, SavedRules> families = new EnumMap<>(AddressFamily.class);
    synced.rules().forEach((family, state) -> families.put(family, SavedRules.of(state.wanted())));
    return RuleTable.of(families);
  }

  /** Empty where they could not be read. */
  public static Optional<RuleTable> present(KernelState kernel) {
    return kernel.rules().map(RuleTables::read).value();
  }

  private static RuleTable read(List<ToolRules> rules) {
    Map<AddressFamily, SavedRules> families = new EnumMap<>(AddressFamily.class);
    rules.forEach(each -> families.put(each.family(), each.saved()));
    return RuleTable.of(families);
  }
}
