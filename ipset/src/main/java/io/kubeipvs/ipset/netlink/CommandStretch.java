package io.kubeipvs.ipset.netlink;

import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Neighbouring commands that travel in one message: additions to (or deletions from) one set, or a
 * single command of another kind.
 *
 * @param from index of the first command
 * @param to index behind the last command
 */
record CommandStretch(int from, int to) {
  /**
   * The largest entry, an IPv6 {@code hash:ip,port,net} one, takes 80 bytes; so many of them stay
   * below the 65,535 bytes that an attribute can hold.
   */
  static final int MAXIMUM_ENTRIES = 800;

  int size() {
    return to - from;
  }

  CommandStretch firstHalf() {
    return new CommandStretch(from, from + size() / 2);
  }

  CommandStretch secondHalf() {
    return new CommandStretch(from + size() / 2, to);
  }

  /**
   * All commands as stretches, in phases. Within a phase a stretch of entries may be sent again
   * (the kernel gives up a message at its first refused entry), later than the ones behind it; so a
   * command that does something else to the same set waits for the next phase.
   */
  static List<List<CommandStretch>> phases(List<? extends SetCommand> commands) {
    List<List<CommandStretch>> phases = new ArrayList<>();
    List<CommandStretch> phase = new ArrayList<>();
    Map<SetName, Class<?>> entrySets = new HashMap<>();
    for (int from = 0; from < commands.size(); ) {
      SetCommand command = commands.get(from);
      if (mustWait(command, entrySets)) {
        phases.add(phase);
        phase = new ArrayList<>();
        entrySets.clear();
      }
      CommandStretch stretch = new CommandStretch(from, end(commands, from));
      phase.add(stretch);
      if (entry(command) != null) {
        entrySets.put(command.set(), command.getClass());
      }
      from = stretch.to();
    }
    phases.add(phase);
    return phases;
  }

  private static boolean mustWait(SetCommand command, Map<SetName, Class<?>> entrySets) {
    Class<?> earlier = entrySets.get(command.set());
    SetName second = secondSet(command);
    return (earlier != null && earlier != command.getClass())
        || (second != null && entrySets.containsKey(second));
  }

  private static @Nullable SetName secondSet(SetCommand command) {
    if (command instanceof SetCommand.Swap swap) {
      return swap.other();
    }
    return command instanceof SetCommand.Rename rename ? rename.newName() : null;
  }

  private static int end(List<? extends SetCommand> commands, int from) {
    SetCommand first = commands.get(from);
    int to = from + 1;
    while (entry(first) != null
        && to < commands.size()
        && to - from < MAXIMUM_ENTRIES
        && commands.get(to).getClass() == first.getClass()
        && commands.get(to).set().equals(first.set())) {
      to++;
    }
    return to;
  }

  /** The entry that a command adds or deletes; null for the commands about whole sets. */
  static @Nullable SetEntry entry(SetCommand command) {
    if (command instanceof SetCommand.Add add) {
      return add.entry();
    }
    return command instanceof SetCommand.Delete delete ? delete.entry() : null;
  }
}
