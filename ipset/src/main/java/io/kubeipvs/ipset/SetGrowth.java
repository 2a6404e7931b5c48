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
   * The commands, in order, with all entries the larger set is to hold.
   *
   * <p>When the temporary set cannot be made, nothing of the rest does any harm: there is nothing
   * to fill, swap or destroy. When an entry is refused, the swap still takes place, as it would
   * have been refused by the old set too.
   *
   * @param current the set to be replaced; its type and family are those of {@code larger}
   * @param present all sets there are, so that a leftover of a crash is removed first
   */
  public static List<SetCommand> commands(
      SetHeader current,
      SetSpec larger,
      Collection<SetEntry> entries,
      Collection<SetHeader> present) {
    if (!current.name().equals(larger.name())) {
      throw new IllegalArgumentException(current.name() + " cannot grow into " + larger.name());
    }
    SetName temporary = temporaryName(larger.name());
    List<SetCommand> commands = new ArrayList<>(entries.size() + 4);
    if (present.stream().anyMatch(header -> header.name().equals(temporary))) {
      commands.add(new SetCommand.Destroy(temporary));
    }
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

  /** The same for the same set, always; short whatever the length of its name. */
  public static SetName temporaryName(SetName name) {
    return new SetName(TEMPORARY_PREFIX + "%08x".formatted(name.value().hashCode()));
  }
}
