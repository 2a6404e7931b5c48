package io.kubeipvs.netlink.conntrack;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.BatchFailure;
import io.kubeipvs.netlink.DumpReader;
import io.kubeipvs.netlink.Errno;
import io.kubeipvs.netlink.MalformedMessageException;
import io.kubeipvs.netlink.NetlinkConnection;
import io.kubeipvs.netlink.NetlinkException;
import io.kubeipvs.netlink.NetlinkMessage;
import io.kubeipvs.netlink.NetlinkRequest;
import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.netlink.SystemCallException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** {@link Conntrack} over ctnetlink. Not for more than one thread at a time. */
public final class NetlinkConntrack implements Conntrack {
  private final NetlinkConnection connection;

  private NetlinkConntrack(NetlinkConnection connection) {
    this.connection = connection;
  }

  /**
   * Opens a socket and sees whether the kernel answers on it.
   *
   * @throws NoConntrackException where it has no ctnetlink and cannot load it
   */
  public static NetlinkConntrack open(NetlinkTrace trace) throws IOException {
    try {
      return probed(NetlinkConnection.open(NetlinkConnection.NETFILTER, trace));
    } catch (NetlinkException e) {
      throw isAbsence(e.errno()) ? new NoConntrackException(e) : e;
    } catch (SystemCallException e) {
      throw isAbsence(e.errno()) ? new NoConntrackException(e) : e;
    }
  }

  private static NetlinkConntrack probed(NetlinkConnection connection) throws IOException {
    try {
      connection.request(FlowCodec.statistics());
      return new NetlinkConntrack(connection);
    } catch (IOException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * {@code EPROTONOSUPPORT} for the socket without nfnetlink; {@code EINVAL} for the request where
   * nfnetlink, even after asking for the module, lacks the subsystem.
   */
  private static boolean isAbsence(Errno errno) {
    return errno.equals(Errno.EPROTONOSUPPORT) || errno.equals(Errno.EINVAL);
  }

  @Override
  public List<Flow> flows(AddressFamily family, Protocol protocol) throws IOException {
    List<Flow> all = dump(Set.of(protocol), family, () -> new FlowReader(family)).flows;
    return all.stream().filter(flow -> flow.protocol().equals(protocol)).toList();
  }

  @Override
  public int delete(Collection<FlowFilter> filters) throws IOException {
    int deleted = 0;
    for (AddressFamily family : AddressFamily.values()) {
      List<FlowFilter> ofFamily = filters.stream().filter(f -> f.family() == family).toList();
      if (!ofFamily.isEmpty()) {
        deleted += delete(family, ofFamily);
      }
    }
    return deleted;
  }

  private int delete(AddressFamily family, List<FlowFilter> filters) throws IOException {
    FlowMatcher matcher = new FlowMatcher(filters);
    Set<Protocol> protocols =
        filters.stream().map(FlowFilter::protocol).collect(Collectors.toSet());
    List<NetlinkRequest> requests =
        dump(protocols, family, () -> new DeletionReader(family, matcher)).requests;
    List<BatchFailure> failures = connection.batch(requests);
    for (BatchFailure failure : failures) {
      if (!failure.cause().is(Errno.ENOENT)) {
        throw failure.cause();
      }
    }
    return requests.size() - failures.size();
  }

  /** The kernel can leave out all protocols but one; several are read in one go all the same. */
  private <R extends DumpReader> R dump(
      Set<Protocol> protocols, AddressFamily family, Supplier<R> readers) throws IOException {
    return connection.dump(
        protocols.size() == 1
            ? FlowCodec.getAll(family, protocols.iterator().next())
            : FlowCodec.getAll(family),
        readers);
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }

  private static final class FlowReader implements DumpReader {
    private final AddressFamily family;
    private final List<Flow> flows = new ArrayList<>();

    FlowReader(AddressFamily family) {
      this.family = family;
    }

    @Override
    public void read(NetlinkMessage message) throws MalformedMessageException {
      FlowCodec.decode(message, family).ifPresent(flows::add);
    }
  }

  /** Keeps requests for what matches only: a table may have a million flows. */
  private static final class DeletionReader implements DumpReader {
    private final AddressFamily family;
    private final FlowMatcher matcher;
    private final List<NetlinkRequest> requests = new ArrayList<>();

    DeletionReader(AddressFamily family, FlowMatcher matcher) {
      this.family = family;
      this.matcher = matcher;
    }

    @Override
    public void read(NetlinkMessage message) throws MalformedMessageException {
      Optional<Flow> flow = FlowCodec.decode(message, family);
      if (flow.isPresent() && matcher.matches(flow.get())) {
        requests.add(FlowCodec.delete(message, flow.get()));
      }
    }
  }
}
