package io.kubeipvs.ipset;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * How a set gets more room while rules refer to it: the kernel cannot change {@code maxelem}, so a
 * larger set is made and filled beside it, and the two are swapped. At no moment does a rule see
 * less than it saw before.
 */
public final class SetGrowth {
  /** Sets of ours in the making; one that outlives its growth was left by a crash. */
  public static final String TEMPORARY_PREFIX = "KUBE-IPVS-GROW-";

  private SetGrowth() {}

  /**
   * The commands, in order. A set that {@link #temporaryName} names must not be there: it is what a
   * crash left, and is to be destroyed first.
   *
   * <p>When the temporary set cannot be made, nothing of the rest does any harm: there is nothing
   * to fill, swap or destroy. When an entry is refused, the swap still takes place, as it would
   * have been refused by the old set too.
   *
   * @param larger the set as it shall be; type and family are those of the one to be replaced
   * @param entries all it is to hold
   */
  public static List<SetCommand> commands(SetSpec larger, Collection<SetEntry> entries) {
    SetName temporary = temporaryName(larger.name());
    List<SetCommand> commands = new ArrayList<>(entries.size() + 3);
    commands.add(
        new SetCommand.Create(
            new SetSpec(temporary, larger.type(), larger.family(), larger.maximumElements())));
    for (SetEntry entry : entries) {
      commands.add(new SetCommand.Add(temporary, entry));
    }
    commands.add(new SetCommand.Swap(larger.name(), temporary));
    commands.add(new SetCommand.Destroy(temporary));
    return commands;
  }

  /**
   * How large to make a set that must hold so many entries: a power of two, with room to grow by
   * half at least, so that it does not come to that again soon.
   */
  public static int roomFor(int entries) {
    int room = SetSpec.DEFAULT_MAXIMUM_ELEMENTS;
    while (room < entries + entries / 2 && room < 1 << 30) {
      room *= 2;
    }
    return room;
  }

  /** The same for the same set, always; short whatever the length of its name. */
  public static SetName temporaryName(SetName name) {
    return new SetName(TEMPORARY_PREFIX + "%08x".formatted(name.value().hashCode()));
  }
}
