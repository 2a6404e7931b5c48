package io.kubeipvs.proxy.inspect.memory;

import io.kubeipvs.ipset.IpSets;
import io.kubeipvs.ipset.ObservedSet;
import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetFailure;
import io.kubeipvs.ipset.SetHeader;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.ipset.SetSpec;
import io.kubeipvs.netlink.Errno;
import io.kubeipvs.netlink.NetlinkException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** IP sets. */
final class MemorySets implements IpSets {
  private final Map<SetName, Holder> sets = new LinkedHashMap<>();

  /**
   * @param made as it was when it was made
   */
  private record Holder(SetHeader made, Set<SetEntry> entries) {
    ObservedSet observed() {
      return ObservedSet.of(header(), entries);
    }

    SetHeader header() {
      return made.withElements(entries.size());
    }
  }

  MemorySets(List<ObservedSet> observed) {
    for (ObservedSet set : observed) {
      sets.put(set.header().name(), new Holder(set.header(), new HashSet<>(set.entries())));
    }
  }

  @Override
  public List<SetHeader> headers() {
    return sets.values().stream().map(Holder::header).toList();
  }

  @Override
  public List<ObservedSet> list() {
    return sets.values().stream().map(Holder::observed).toList();
  }

  @Override
  public Optional<ObservedSet> list(SetName name) {
    return Optional.ofNullable(sets.get(name)).map(Holder::observed);
  }

  @Override
  public List<SetFailure> execute(List<? extends SetCommand> commands) {
    List<SetFailure> refused = new ArrayList<>();
    for (SetCommand command : commands) {
      Errno errno = execute(command);
      if (errno != null) {
        refused.add(new SetFailure(command, new NetlinkException("ipset " + command, errno, "")));
      }
    }
    return refused;
  }

  /** Null when it was carried out. */
  private @Nullable Errno execute(SetCommand command) {
    if (command instanceof SetCommand.Create create) {
      return create(create.spec());
    }
    Holder set = sets.get(command.set());
    if (set == null) {
      return Errno.ENOENT;
    }
    if (command instanceof SetCommand.Destroy) {
      sets.remove(command.set());
    } else if (command instanceof SetCommand.Flush) {
      set.entries().clear();
    } else if (command instanceof SetCommand.Add add) {
      set.entries().add(add.entry());
    } else if (command instanceof SetCommand.Delete delete) {
      set.entries().remove(delete.entry());
    } else if (command instanceof SetCommand.Swap swap) {
      return swap(set, swap.other());
    } else if (command instanceof SetCommand.Rename rename) {
      sets.remove(command.set());
      sets.put(rename.newName(), named(set, rename.newName()));
    }
    return null;
  }

  private @Nullable Errno create(SetSpec spec) {
    Holder created = new Holder(SetHeader.made(spec), new HashSet<>());
    return sets.putIfAbsent(spec.name(), created) == null ? null : Errno.EEXIST;
  }

  private @Nullable Errno swap(Holder set, SetName otherName) {
    Holder other = sets.get(otherName);
    if (other == null) {
      return Errno.ENOENT;
    }
    SetName name = set.header().name();
    sets.put(name, named(other, name));
    sets.put(otherName, named(set, otherName));
    return null;
  }

  private static Holder named(Holder set, SetName name) {
    return new Holder(set.header().withName(name), set.entries());
  }

  @Override
  public void close() {}
}
