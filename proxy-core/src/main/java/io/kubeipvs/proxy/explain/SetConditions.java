package io.kubeipvs.proxy.explain;

import io.kubeipvs.iptables.SavedRule.Part;
import io.kubeipvs.iptables.SavedRule.RuleOption;
import io.kubeipvs.proxy.explain.SetMembers.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code -m set --match-set NAME src|dst,...}. */
final class SetConditions {
  /** They change what the kernel counts, and no answer. */
  private static final Set<String> HARMLESS = Set.of("--update-counters", "--update-subcounters");

  private SetConditions() {}

  static Condition read(Part part, SetMembers sets) {
    List<Condition> conditions = new ArrayList<>();
    for (RuleOption option : part.options()) {
      if (option.name().equals("--match-set") && option.values().size() == 2) {
        conditions.add(read(option, sets));
      } else if (!HARMLESS.contains(option.name())) {
        conditions.add(Conditions.unknown("-m set " + option.name()));
      }
    }
    return Conditions.all(conditions);
  }

  private static Condition read(RuleOption option, SetMembers sets) {
    List<Side> sides = new ArrayList<>();
    for (String side : option.values().get(1).split(",", -1)) {
      sides.add(side.equals("src") ? Side.SRC : Side.DST);
    }
    return packet -> sets.holds(option.value(), sides, packet).negatedIf(option.negated());
  }
}
