package io.kubeipvs.proxy.sync;

import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.proxy.diff.ObservedState;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.plan.SetMember;
import io.kubeipvs.proxy.state.Footprint;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells repairs from work. After a sync that left nothing undone the kernel is as we want it; what
 * the next look writes at places that nobody asked to change, somebody else has changed.
 */
final class Drift {
  private final boolean possible;
  private final Footprint expected = new Footprint();
  private final List<Repair> repairs = new ArrayList<>();

  /**
   * @param possible whether this sync looks at a kernel that the last one left in order
   * @param unsettled what waits for connections to end, which is no drift
   */
  Drift(boolean possible, Footprint unsettled) {
    this.possible = possible;
    expected.addAll(unsettled);
  }

  /** Places where the cluster asks for something else than before. */
  void expect(Footprint changed) {
    expected.addAll(changed);
  }

  /**
   * An operation was carried out.
   *
   * @param before what was seen in the kernel, without it
   */
  void note(Operation done, ObservedState before) {
    if (possible && isRepair(done)) {
      repairs.add(Repair.of(done, before));
    }
  }

  List<Repair> repairs() {
    return repairs;
  }

  private boolean isRepair(Operation operation) {
    if (operation instanceof Operation.Ipvs ipvs) {
      return !expected.services().contains(ipvs.command().key());
    }
    if (operation instanceof Operation.Vip vip) {
      return !expected.vips().contains(vip.address());
    }
    if (operation instanceof Operation.Sets sets) {
      return isRepair(sets.command());
    }
    return !(operation instanceof Operation.ForgetFlows);
  }

  private boolean isRepair(SetCommand command) {
    if (command instanceof SetCommand.Add add) {
      return !expected.members().contains(new SetMember(add.set(), add.entry()));
    }
    if (command instanceof SetCommand.Delete delete) {
      return !expected.members().contains(new SetMember(delete.set(), delete.entry()));
    }
    return true;
  }
}
