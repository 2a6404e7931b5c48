package io.kubeipvs.ipvs.netlink;

import io.kubeipvs.ipvs.CommandFailure;
import io.kubeipvs.ipvs.Ipvs;
import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.IpvsConnection;
import io.kubeipvs.ipvs.IpvsInfo;
import io.kubeipvs.ipvs.IpvsTimeouts;
import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.ObservedService;
import io.kubeipvs.ipvs.ProcIpVs;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.SyncDaemon;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.AttributeWriter;
import io.kubeipvs.netlink.BatchFailure;
import io.kubeipvs.netlink.DumpReader;
import io.kubeipvs.netlink.Errno;
import io.kubeipvs.netlink.MalformedMessageException;
import io.kubeipvs.netlink.NetlinkException;
import io.kubeipvs.netlink.NetlinkMessage;
import io.kubeipvs.netlink.NetlinkRequest;
import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.netlink.generic.GenericNetlink;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The kernel's table, in the network namespace of the thread that opened it. */
public final class NetlinkIpvs implements Ipvs {
  private static final String MODULE = "ip_vs";

  /** Of the namespace of the thread that asks; {@code /proc/net} is that of the first thread. */
  private static final Path OVERVIEW = Path.of("/proc/thread-self/net/ip_vs");

  private static final Path CONNECTIONS = Path.of("/proc/thread-self/net/ip_vs_conn");

  /** Commands held encoded at a time; some ten datagrams' worth. */
  private static final int CHUNK = 1024;

  private final GenericNetlink netlink;

  private NetlinkIpvs(GenericNetlink netlink) {
    this.netlink = netlink;
  }

  /**
   * Connects to the kernel's table.
   *
   * @throws io.kubeipvs.netlink.generic.UnknownFamilyException when the kernel has no IPVS, or has
   *     not loaded it
   */
  public static NetlinkIpvs open(NetlinkTrace trace) throws IOException {
    return new NetlinkIpvs(GenericNetlink.open(IpvsCodec.IPVS_GENL_NAME, MODULE, trace));
  }

  @Override
  public IpvsInfo info() throws IOException {
    return IpvsCodec.decodeInfo(ask(IpvsCodec.getInfo(), () -> "IPVS GET_INFO"));
  }

  @Override
  public List<ObservedService> services() throws IOException {
    return dump(IpvsCodec.getServices(), () -> "IPVS GET_SERVICE", IpvsCodec::decodeService);
  }

  @Override
  public Optional<ObservedService> service(ServiceKey key) throws IOException {
    try {
      NetlinkMessage answer = ask(IpvsCodec.getService(key), () -> "IPVS GET_SERVICE " + key);
      return Optional.of(IpvsCodec.decodeService(answer));
    } catch (NetlinkException e) {
      if (e.is(Errno.ESRCH)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public List<ObservedServer> servers(ServiceKey key) throws IOException {
    AddressFamily family = key.family();
    return dump(
        IpvsCodec.getServers(key),
        () -> "IPVS GET_DEST " + key,
        message -> IpvsCodec.decodeServer(family, message));
  }

  @Override
  public Optional<ProcIpVs> overview() throws IOException {
    try (BufferedReader in = Files.newBufferedReader(OVERVIEW, StandardCharsets.US_ASCII)) {
      return Optional.of(ProcIpVs.read(in));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public List<IpvsConnection> connections() throws IOException {
    try (BufferedReader in = Files.newBufferedReader(CONNECTIONS, StandardCharsets.US_ASCII)) {
      return IpvsConnection.read(in);
    }
  }

  @Override
  public List<CommandFailure> execute(List<? extends IpvsCommand> commands) throws IOException {
    List<CommandFailure> failures = new ArrayList<>();
    for (int start = 0; start < commands.size(); start += CHUNK) {
      int end = Math.min(start + CHUNK, commands.size());
      executeChunk(commands.subList(start, end), failures);
    }
    return failures;
  }

  private void executeChunk(List<? extends IpvsCommand> commands, List<CommandFailure> failures)
      throws IOException {
    List<NetlinkRequest> requests = new ArrayList<>(commands.size());
    for (IpvsCommand command : commands) {
      requests.add(request(IpvsCodec.encode(command), command::request));
    }
    for (BatchFailure failure : netlink.connection().batch(requests)) {
      failures.add(new CommandFailure(commands.get(failure.index()), failure.cause()));
    }
  }

  @Override
  public void flush() throws IOException {
    send(IpvsCodec.flush(), () -> "IPVS FLUSH");
  }

  @Override
  public void zero() throws IOException {
    send(IpvsCodec.zero(), () -> "IPVS ZERO");
  }

  @Override
  public void zero(ServiceKey key) throws IOException {
    send(IpvsCodec.zero(key), () -> "IPVS ZERO " + key);
  }

  @Override
  public IpvsTimeouts timeouts() throws IOException {
    return IpvsCodec.decodeTimeouts(ask(IpvsCodec.getTimeouts(), () -> "IPVS GET_CONFIG"));
  }

  @Override
  public void setTimeouts(IpvsTimeouts timeouts) throws IOException {
    send(IpvsCodec.setTimeouts(timeouts), () -> "IPVS SET_CONFIG " + timeouts);
  }

  @Override
  public List<SyncDaemon> daemons() throws IOException {
    return dump(IpvsCodec.getDaemons(), () -> "IPVS GET_DAEMON", IpvsCodec::decodeDaemon);
  }

  @Override
  public void startDaemon(SyncDaemon daemon) throws IOException {
    send(IpvsCodec.startDaemon(daemon), () -> "IPVS NEW_DAEMON " + daemon);
  }

  /**
   * A daemon that is stopped before its thread ever ran ends with EINTR, and to a request that ends
   * so the kernel never answers (netlink_rcv_skb). So the answer waited for is that of the request
   * behind it; refusals are answered unasked.
   */
  @Override
  public void stopDaemon(SyncDaemon.State state) throws IOException {
    NetlinkRequest stop = request(IpvsCodec.stopDaemon(state), () -> "IPVS DEL_DAEMON " + state);
    NetlinkRequest next = request(IpvsCodec.getInfo(), () -> "IPVS GET_INFO");
    List<BatchFailure> failures = netlink.connection().batch(List.of(stop, next));
    if (!failures.isEmpty()) {
      throw failures.get(0).cause();
    }
  }

  private NetlinkRequest request(AttributeWriter body, Supplier<String> description) {
    return netlink.request(0, body, description);
  }

  private void send(AttributeWriter body, Supplier<String> description) throws IOException {
    netlink.connection().request(request(body, description));
  }

  private NetlinkMessage ask(AttributeWriter body, Supplier<String> description)
      throws IOException {
    List<NetlinkMessage> answers = netlink.connection().request(request(body, description));
    if (answers.isEmpty()) {
      throw new MalformedMessageException(description.get() + ": acknowledged, not answered");
    }
    return answers.get(0);
  }

  private <T> List<T> dump(AttributeWriter body, Supplier<String> description, Decoder<T> decoder)
      throws IOException {
    return netlink
        .connection()
        .dump(request(body, description), () -> new DecodingReader<>(decoder))
        .values;
  }

  private interface Decoder<T> {
    T decode(NetlinkMessage message) throws MalformedMessageException;
  }

  private static final class DecodingReader<T> implements DumpReader {
    private final Decoder<T> decoder;
    private final List<T> values = new ArrayList<>();

    DecodingReader(Decoder<T> decoder) {
      this.decoder = decoder;
    }

    @Override
    public void read(NetlinkMessage message) throws MalformedMessageException {
      values.add(decoder.decode(message));
    }
  }

  @Override
  public void close() throws IOException {
    netlink.close();
  }
}
