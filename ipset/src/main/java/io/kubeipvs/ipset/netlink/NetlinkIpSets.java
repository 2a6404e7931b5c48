package io.kubeipvs.ipset.netlink;

import io.kubeipvs.ipset.IpSets;
import io.kubeipvs.ipset.ObservedSet;
import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.ipset.SetErrno;
import io.kubeipvs.ipset.SetFailure;
import io.kubeipvs.ipset.SetHeader;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.ipset.SetSpec;
import io.kubeipvs.netlink.Errno;
import io.kubeipvs.netlink.NetlinkConnection;
import io.kubeipvs.netlink.NetlinkException;
import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.netlink.SystemCallException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The sets of the kernel, over nfnetlink. Not for more than one thread at a time. */
public final class NetlinkIpSets implements IpSets {
  private static final IpSetAnswers.Range PROTOCOLS =
      new IpSetAnswers.Range(IpSetNumbers.IPSET_PROTOCOL_MIN, IpSetNumbers.IPSET_PROTOCOL);

  private final NetlinkConnection connection;
  private final IpSetCodec codec;
  private final TypeRevisions revisions;

  private NetlinkIpSets(NetlinkConnection connection, IpSetCodec codec) {
    this.connection = connection;
    this.codec = codec;
    this.revisions = new TypeRevisions(connection, codec);
  }

  /**
   * Opens a socket in this thread's network namespace and agrees with the kernel on a protocol
   * version.
   *
   * @throws NetlinkException where the kernel has no sets, or none that we can talk to; or where we
   *     lack {@code CAP_NET_ADMIN}
   */
  public static NetlinkIpSets open(NetlinkTrace trace) throws IOException {
    NetlinkConnection connection = openNetfilter(trace);
    try {
      return new NetlinkIpSets(connection, new IpSetCodec(negotiate(connection)));
    } catch (IOException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private static NetlinkConnection openNetfilter(NetlinkTrace trace) throws IOException {
    try {
      return NetlinkConnection.open(NetlinkConnection.NETFILTER, trace);
    } catch (SystemCallException e) {
      if (!e.errno().equals(Errno.EPROTONOSUPPORT)) {
        throw e;
      }
      throw new NetlinkException(
          "ipset protocol", e.errno(), "the kernel lacks nfnetlink: module nfnetlink");
    }
  }

  private static int negotiate(NetlinkConnection connection) throws IOException {
    IpSetAnswers.Range kernel = askProtocols(connection);
    if (!kernel.overlaps(PROTOCOLS)) {
      throw new NetlinkException(
          "ipset protocol",
          SetErrno.PROTOCOL,
          "the kernel speaks version " + kernel + ", we speak " + PROTOCOLS);
    }
    return kernel.highestWith(PROTOCOLS);
  }

  /** nfnetlink answers {@code EINVAL} for a subsystem that is neither there nor to be loaded. */
  private static IpSetAnswers.Range askProtocols(NetlinkConnection connection) throws IOException {
    try {
      return IpSetAnswers.protocols(connection.request(IpSetCodec.protocol()));
    } catch (NetlinkException e) {
      if (!e.is(Errno.EINVAL)) {
        throw e;
      }
      throw new NetlinkException(e.request(), e.errno(), "the kernel lacks IP sets: module ip_set");
    }
  }

  @Override
  public List<SetHeader> headers() throws IOException {
    return list(true).stream().map(ObservedSet::header).toList();
  }

  @Override
  public List<ObservedSet> list() throws IOException {
    return list(false);
  }

  private List<ObservedSet> list(boolean headersOnly) throws IOException {
    return SetListing.of(connection.dump(codec.list(headersOnly)));
  }

  @Override
  public Optional<ObservedSet> list(SetName name) throws IOException {
    try {
      return SetListing.of(connection.dump(codec.list(name))).stream()
          .filter(set -> set.header().name().equals(name))
          .findFirst();
    } catch (NetlinkException e) {
      if (e.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public List<SetFailure> execute(List<? extends SetCommand> commands) throws IOException {
    List<SetFailure> failures = new ArrayList<>();
    new CommandRun(connection, codec, revisions, commands)
        .run()
        .forEach((index, cause) -> failures.add(failure(commands.get(index), cause)));
    return failures;
  }

  private static SetFailure failure(SetCommand command, NetlinkException cause) {
    return new SetFailure(command, SetErrno.refusal(command, cause.errno(), cause.kernelMessage()));
  }

  @Override
  @SuppressWarnings("CheckReturnValue") // that there is one is the answer
  public void requireType(SetSpec spec) throws IOException {
    revisions.revision(spec);
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
