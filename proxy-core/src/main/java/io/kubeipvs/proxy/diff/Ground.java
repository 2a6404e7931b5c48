package io.kubeipvs.proxy.diff;

import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.ipset.SetGrowth;
import io.kubeipvs.ipset.SetHeader;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.ipset.SetSpec;
import io.kubeipvs.iptables.Restore;
import io.kubeipvs.iptables.RuleDiffer;
import io.kubeipvs.iptables.RuleSet;
import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.net.AddressFamily;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What all Services stand on, and none of them changes: the sets, the rules that look into them,
 * and the device other software looks for.
 */
public record Ground(List<SetSpec> sets, Map<AddressFamily, RuleSet> rules, String deviceName) {
  /** For one that only removes. */
  public static final Ground NOTHING = new Ground(List.of(), Map.of(), "");

  public Ground {
    sets = List.copyOf(sets);
    rules = Map.copyOf(rules);
  }

  /**
   * What is to be done about it.
   *
   * @param problems what stands in the way, for a person
   */
  public record Missing(List<Operation> operations, List<String> problems) {
    public Missing {
      operations = List.copyOf(operations);
      problems = List.copyOf(problems);
    }
  }

  /**
   * What is missing of it.
   *
   * @param savedRules what {@code iptables-save} shows; families that are not in it are left alone
   */
  public Missing diff(ObservedState observed, Map<AddressFamily, SavedRules> savedRules) {
    List<Operation> operations = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    if (!deviceName.isEmpty() && !observed.hasDevice()) {
      operations.add(new Operation.AddDevice(deviceName));
    }
    for (SetSpec spec : sets) {
      ensure(spec, observed, operations);
    }
    for (AddressFamily family : AddressFamily.values()) {
      RuleSet wanted = rules.get(family);
      SavedRules saved = savedRules.get(family);
      if (wanted != null && saved != null) {
        Restore restore = RuleDiffer.diff(wanted, saved);
        restore.problems().forEach(problem -> problems.add(family + " rules: " + problem));
        if (!restore.isEmpty()) {
          operations.add(new Operation.Rules(family, restore));
        }
      }
    }
    return new Missing(operations, problems);
  }

  /** The same as far as its rules can stand beside these, which still serve. */
  public Ground beside(Map<AddressFamily, SavedRules> present) {
    Map<AddressFamily, RuleSet> early = new EnumMap<>(AddressFamily.class);
    rules.forEach(
        (family, wanted) ->
            early.put(family, wanted.beside(present.getOrDefault(family, SavedRules.NONE))));
    return new Ground(sets, early, deviceName);
  }

  private static void ensure(SetSpec spec, ObservedState observed, List<Operation> operations) {
    SetName temporary = SetGrowth.temporaryName(spec.name());
    if (observed.set(temporary) != null) {
      // Its growth was cut short by a crash.
      operations.add(new Operation.Sets(Phase.MAKE_GROUND, new SetCommand.Destroy(temporary)));
    }
    SetHeader header = observed.set(spec.name());
    if (header != null && SetRoom.isOnlyTooSmall(header, spec)) {
      SetRoom.replace(spec, spec.maximumElements(), observed.entries(spec.name()), operations);
    } else if (header == null || !header.serves(spec)) {
      // One that is there but does not serve is refused by the kernel, and named in the failure.
      operations.add(new Operation.Sets(Phase.MAKE_GROUND, new SetCommand.Create(spec)));
    }
  }

  /** Whether that set is one of ours. */
  public boolean has(SetName name) {
    return sets.stream().anyMatch(spec -> spec.name().equals(name));
  }
}
