package io.kubeipvs.ipset;

import io.kubeipvs.netlink.Errno;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Sets in memory that say no when the kernel says no, with its numbers; {@link IpSetsContract}
 * holds both to the same. Sets are listed by name.
 *
 * <p>Beside the interface it lets a test be the rest of the world: {@link #tamper} changes sets
 * behind the back of whoever uses this one, {@link #setReferences} plays the rules that refer to a
 * set, {@link #refuse} and {@link #failNextCall} play a kernel with troubles of its own.
 */
public final class FakeIpSets implements IpSets {
  private final Map<SetName, FakeSet> sets = new TreeMap<>();
  private final List<SetCommand> executed = new ArrayList<>();
  private Function<SetCommand, Optional<Errno>> refusals = command -> Optional.empty();
  private @Nullable IOException nextFailure;
  private int calls;

  @Override
  public List<SetHeader> headers() throws IOException {
    count();
    return sets.entrySet().stream().map(e -> e.getValue().header(e.getKey())).toList();
  }

  @Override
  public List<ObservedSet> list() throws IOException {
    count();
    return sets.entrySet().stream().map(e -> e.getValue().observed(e.getKey())).toList();
  }

  @Override
  public Optional<ObservedSet> list(SetName name) throws IOException {
    count();
    return Optional.ofNullable(sets.get(name)).map(set -> set.observed(name));
  }

  @Override
  public List<SetFailure> execute(List<? extends SetCommand> commands) throws IOException {
    count();
    List<SetFailure> failures = new ArrayList<>();
    for (SetCommand command : commands) {
      executed.add(command);
      refusals
          .apply(command)
          .or(() -> carryOut(command))
          .map(errno -> new SetFailure(command, SetErrno.refusal(command, errno, "")))
          .ifPresent(failures::add);
    }
    return failures;
  }

  @Override
  public void close() {}

  private void count() throws IOException {
    calls++;
    IOException failure = nextFailure;
    nextFailure = null;
    if (failure != null) {
      throw failure;
    }
  }

  private Optional<Errno> carryOut(SetCommand command) {
    if (command instanceof SetCommand.Create create) {
      return create(create.spec());
    }
    FakeSet set = sets.get(command.set());
    if (set == null) {
      return Optional.of(Errno.ENOENT);
    }
    if (command instanceof SetCommand.Add add) {
      return set.add(add.entry());
    }
    if (command instanceof SetCommand.Delete delete) {
      return set.delete(delete.entry());
    }
    if (command instanceof SetCommand.Swap swap) {
      return swap(swap, set);
    }
    if (command instanceof SetCommand.Rename rename) {
      return rename(rename, set);
    }
    return command instanceof SetCommand.Flush ? set.flush() : destroy(command.set(), set);
  }

  private Optional<Errno> create(SetSpec spec) {
    return sets.putIfAbsent(spec.name(), new FakeSet(spec)) == null
        ? Optional.empty()
        : Optional.of(Errno.EEXIST);
  }

  private Optional<Errno> destroy(SetName name, FakeSet set) {
    if (set.references() > 0) {
      return Optional.of(SetErrno.BUSY);
    }
    sets.remove(name);
    return Optional.empty();
  }

  private Optional<Errno> swap(SetCommand.Swap swap, FakeSet set) {
    FakeSet other = sets.get(swap.other());
    if (other == null) {
      return Optional.of(SetErrno.EXIST_SETNAME2);
    }
    if (!set.mayBeSwappedWith(other)) {
      return Optional.of(SetErrno.TYPE_MISMATCH);
    }
    set.swapReferences(other);
    sets.put(swap.set(), other);
    sets.put(swap.other(), set);
    return Optional.empty();
  }

  private Optional<Errno> rename(SetCommand.Rename rename, FakeSet set) {
    if (set.references() > 0) {
      return Optional.of(SetErrno.REFERENCED);
    }
    if (sets.containsKey(rename.newName())) {
      return Optional.of(SetErrno.EXIST_SETNAME2);
    }
    sets.remove(rename.set());
    sets.put(rename.newName(), set);
    return Optional.empty();
  }

  // What a test sees and does.

  /** How often any method of the interface was called. */
  public int calls() {
    return calls;
  }

  /** The commands since the start or {@link #forget}, refused ones included. */
  public List<SetCommand> executed() {
    return List.copyOf(executed);
  }

  /** How many commands there were since the start or {@link #forget}. */
  public int writes() {
    return executed.size();
  }

  /** Starts counting again. */
  public void forget() {
    executed.clear();
    calls = 0;
  }

  /** All sets in {@code ipset save} syntax. */
  public String dump() {
    return SetText.of(
        sets.entrySet().stream().map(e -> e.getValue().observed(e.getKey())).toList());
  }

  /**
   * Changes sets as somebody else would: not counted, not failing on purpose.
   *
   * @throws IllegalStateException when the kernel would refuse it
   */
  public FakeIpSets tamper(SetCommand... commands) {
    for (SetCommand command : commands) {
      carryOut(command)
          .ifPresent(
              errno -> {
                throw new IllegalStateException(command + ": " + errno);
              });
    }
    return this;
  }

  /** Changes what a listing says of a set: extensions, range, type name of somebody else's set. */
  public void tamperHeader(SetName name, UnaryOperator<SetHeader> change) {
    existing(name).changeHeader(change);
  }

  /** So many rules refer to the set from now on. */
  public void setReferences(SetName name, int references) {
    existing(name).setReferences(references);
  }

  private FakeSet existing(SetName name) {
    FakeSet set = sets.get(name);
    if (set == null) {
      throw new IllegalStateException("no set " + name);
    }
    return set;
  }

  /** Refuses the commands for which the function answers a number, until told otherwise. */
  public void refuse(Function<SetCommand, Optional<Errno>> function) {
    refusals = function;
  }

  /** The next call of any method throws this and does nothing. */
  public void failNextCall(IOException failure) {
    nextFailure = failure;
  }
}
