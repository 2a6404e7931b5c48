package io.kubeipvs.ipset.netlink;

import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.netlink.BatchFailure;
import io.kubeipvs.netlink.Errno;
import io.kubeipvs.netlink.NetlinkConnection;
import io.kubeipvs.netlink.NetlinkException;
import io.kubeipvs.netlink.NetlinkRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Carries out a list of commands and finds out which were refused.
 *
 * <p>The kernel works through the entries of a message up to the first it refuses, and its error
 * does not say which that was. The message is then halved and both halves are sent again, until
 * each refused entry stands alone; what was carried out before is carried out again to no effect.
 * So the good neighbours of a refused entry get in, and no error needs more than a few bytes of the
 * receive buffer.
 */
final class CommandRun {
  private final NetlinkConnection connection;
  private final IpSetCodec codec;
  private final TypeRevisions revisions;
  private final List<? extends SetCommand> commands;
  private final SortedMap<Integer, NetlinkException> refused = new TreeMap<>();

  CommandRun(
      NetlinkConnection connection,
      IpSetCodec codec,
      TypeRevisions revisions,
      List<? extends SetCommand> commands) {
    this.connection = connection;
    this.codec = codec;
    this.revisions = revisions;
    this.commands = commands;
  }

  /** The kernel's answers to the refused commands, by their index. */
  SortedMap<Integer, NetlinkException> run() throws IOException {
    for (List<CommandStretch> phase : CommandStretch.phases(commands)) {
      List<CommandStretch> pending = phase;
      while (!pending.isEmpty()) {
        pending = send(pending);
      }
    }
    return refused;
  }

  /** Answers the stretches that have to be sent again. */
  private List<CommandStretch> send(List<CommandStretch> stretches) throws IOException {
    List<CommandStretch> sent = new ArrayList<>(stretches.size());
    List<NetlinkRequest> requests = new ArrayList<>(stretches.size());
    for (CommandStretch stretch : stretches) {
      try {
        requests.add(request(stretch));
        sent.add(stretch);
      } catch (NetlinkException e) {
        refuse(stretch, e);
      }
    }
    List<CommandStretch> again = new ArrayList<>();
    for (BatchFailure failure : connection.batch(requests)) {
      settle(sent.get(failure.index()), failure.cause(), again);
    }
    return again;
  }

  private void settle(CommandStretch stretch, NetlinkException cause, List<CommandStretch> again) {
    if (stretch.size() == 1 || concernsAllEntries(cause)) {
      refuse(stretch, cause);
    } else {
      again.add(stretch.firstHalf());
      again.add(stretch.secondHalf());
    }
  }

  /** There is no such set, or we may not change it: no entry will fare better alone. */
  private static boolean concernsAllEntries(NetlinkException cause) {
    return cause.is(Errno.ENOENT) || cause.is(Errno.EPERM);
  }

  private void refuse(CommandStretch stretch, NetlinkException cause) {
    for (int i = stretch.from(); i < stretch.to(); i++) {
      refused.put(i, cause);
    }
  }

  private NetlinkRequest request(CommandStretch stretch) throws IOException {
    SetCommand first = commands.get(stretch.from());
    if (first instanceof SetCommand.Create create) {
      return codec.create(create.spec(), revisions.revision(create.spec()));
    }
    if (first instanceof SetCommand.Add) {
      return codec.add(first.set(), entries(stretch));
    }
    if (first instanceof SetCommand.Delete) {
      return codec.delete(first.set(), entries(stretch));
    }
    return codec.whole(first);
  }

  private List<SetEntry> entries(CommandStretch stretch) {
    List<SetEntry> entries = new ArrayList<>(stretch.size());
    for (SetCommand command : commands.subList(stretch.from(), stretch.to())) {
      entries.add(Objects.requireNonNull(CommandStretch.entry(command)));
    }
    return entries;
  }
}
