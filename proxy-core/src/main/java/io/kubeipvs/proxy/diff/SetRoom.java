package io.kubeipvs.proxy.diff;

import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetGrowth;
import io.kubeipvs.ipset.SetHeader;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.ipset.SetSpec;
import io.kubeipvs.ipset.SetType;
import io.kubeipvs.proxy.plan.SetMember;
import io.kubeipvs.proxy.plan.ipvs.KubeSets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Room for the entries to come: a set that would overflow ({@code maxelem}) is exchanged for a
 * larger one with the same entries before anything is added. Rules that look into it see no less at
 * any moment.
 */
final class SetRoom {
  private SetRoom() {}

  /** What has to be done before those can be added. */
  static void make(List<SetMember> missing, ObservedState observed, List<Operation> operations) {
    Map<SetName, Integer> additions = new TreeMap<>();
    missing.forEach(member -> additions.merge(member.set(), 1, Integer::sum));
    additions.forEach(
        (name, more) -> {
          SetSpec spec = KubeSets.ALL.get(name);
          Set<SetEntry> entries = observed.entries(name);
          int needed = entries.size() + more;
          if (spec != null && hasNoRoom(spec, observed.set(name), needed)) {
            replace(spec, SetGrowth.roomFor(needed), entries, operations);
          }
        });
  }

  private static boolean hasNoRoom(SetSpec spec, @Nullable SetHeader header, int needed) {
    // One that is not there yet is made as it always is, earlier in this batch.
    int maximum = header == null ? spec.maximumElements() : header.maximumElements();
    return spec.type() != SetType.BITMAP_PORT && Integer.compareUnsigned(needed, maximum) > 0;
  }

  static void replace(
      SetSpec spec, int maximumElements, Set<SetEntry> entries, List<Operation> operations) {
    SetSpec larger = new SetSpec(spec.name(), spec.type(), spec.family(), maximumElements);
    SetGrowth.commands(larger, entries)
        .forEach(command -> operations.add(new Operation.Sets(Phase.MAKE_GROUND, command)));
  }

  /** Whether the set differs from that one in nothing but that it has less room. */
  static boolean isOnlyTooSmall(SetHeader header, SetSpec spec) {
    return spec.type() != SetType.BITMAP_PORT
        && Integer.compareUnsigned(header.maximumElements(), spec.maximumElements()) < 0
        && header.serves(
            new SetSpec(spec.name(), spec.type(), spec.family(), header.maximumElements()));
  }
}
