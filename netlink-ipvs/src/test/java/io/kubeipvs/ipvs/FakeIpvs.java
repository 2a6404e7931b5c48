package io.kubeipvs.ipvs;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.Errno;
import io.kubeipvs.netlink.NetlinkException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The table in memory. It says no where the kernel says no, with the kernel's error number; {@link
 * IpvsContract} holds it to that. Values go in and out by copy: they are immutable.
 *
 * <p>What the kernel does by itself, tests do by hand: {@link #setConnections} opens and closes
 * connections, {@link #tamper} changes the table behind the caller's back.
 */
public final class FakeIpvs implements Ipvs {
  private static final IpvsInfo INFO = new IpvsInfo(0x01_02_01, 4096);

  private final FakeTable table = new FakeTable();
  private final Map<SyncDaemon.State, SyncDaemon> daemons = new EnumMap<>(SyncDaemon.State.class);
  private final Set<String> interfaces = new HashSet<>(Set.of("lo"));
  private IpvsTimeouts timeouts = new IpvsTimeouts(900, 120, 300);

  private final List<IpvsCommand> commands = new ArrayList<>();
  private final Map<Integer, Errno> injected = new HashMap<>();
  private int reads;
  private int writes;

  /** Commands given to {@link #execute} so far, the refused ones included. */
  public List<IpvsCommand> commands() {
    return List.copyOf(commands);
  }

  /** Requests that read so far. */
  public int reads() {
    return reads;
  }

  /** Requests that change something so far, each command of a batch for itself. */
  public int writes() {
    return writes;
  }

  /** Forgets the counts and the commands, not the table. */
  public void resetCounts() {
    commands.clear();
    reads = 0;
    writes = 0;
  }

  /**
   * Refuses one of the commands to come, without looking at it.
   *
   * @param ordinal 1 for the next one
   */
  public void failCommand(int ordinal, Errno errno) {
    injected.put(commands.size() + ordinal, errno);
  }

  /** Connections come and go. */
  public void setConnections(ServiceKey key, ServerKey server, int active, int inactive) {
    table.setConnections(key, server, active, inactive);
  }

  /** Packets come and go. */
  public void setStatistics(ServiceKey key, Statistics statistics) {
    table.setStatistics(key, statistics);
  }

  /** Somebody else changes the table; not counted. Throws what the kernel would have refused. */
  public void tamper(IpvsCommand... changes) {
    for (IpvsCommand command : changes) {
      Errno errno = table.apply(command);
      if (errno != null) {
        throw new IllegalArgumentException(command + ": " + errno);
      }
    }
  }

  /** Makes an interface for sync daemons; {@code lo} is there from the start. */
  public void addInterface(String name) {
    interfaces.add(name);
  }

  @Override
  public IpvsInfo info() {
    reads++;
    return INFO;
  }

  @Override
  public List<ObservedService> services() {
    reads++;
    return table.services();
  }

  @Override
  public Optional<ObservedService> service(ServiceKey key) {
    reads++;
    return table.service(key);
  }

  @Override
  public List<ObservedServer> servers(ServiceKey key) {
    reads++;
    return table.servers(key);
  }

  @Override
  public Optional<ProcIpVs> overview() {
    reads++;
    Map<ServiceKey.Address, List<ProcIpVs.Server>> lines = new LinkedHashMap<>();
    int marks = 0;
    for (ObservedService observed : table.services()) {
      if (observed.service().key() instanceof ServiceKey.Address key) {
        lines.put(key, table.servers(key).stream().map(ProcIpVs.Server::of).toList());
      } else {
        marks++;
      }
    }
    return Optional.of(new ProcIpVs(lines, marks));
  }

  @Override
  public List<CommandFailure> execute(List<? extends IpvsCommand> list) {
    List<CommandFailure> failures = new ArrayList<>();
    for (IpvsCommand command : list) {
      commands.add(command);
      writes++;
      Errno errno = injected.remove(commands.size());
      errno = errno == null ? table.apply(command) : errno;
      if (errno != null) {
        failures.add(
            new CommandFailure(command, new NetlinkException(command.request(), errno, "")));
      }
    }
    return failures;
  }

  @Override
  public void flush() {
    writes++;
    table.flush();
  }

  @Override
  public void zero() {
    writes++;
    table.zero();
  }

  @Override
  public void zero(ServiceKey key) throws IOException {
    writes++;
    if (!table.zero(key)) {
      throw new NetlinkException("IPVS ZERO " + key, Errno.ESRCH, "");
    }
  }

  @Override
  public IpvsTimeouts timeouts() {
    reads++;
    return timeouts;
  }

  @Override
  public void setTimeouts(IpvsTimeouts wanted) throws IOException {
    writes++;
    if (wanted.tcpSeconds() < 0 || wanted.tcpFinSeconds() < 0 || wanted.udpSeconds() < 0) {
      throw new NetlinkException("IPVS SET_CONFIG " + wanted, Errno.EINVAL, "");
    }
    timeouts =
        new IpvsTimeouts(
            unlessZero(wanted.tcpSeconds(), timeouts.tcpSeconds()),
            unlessZero(wanted.tcpFinSeconds(), timeouts.tcpFinSeconds()),
            unlessZero(wanted.udpSeconds(), timeouts.udpSeconds()));
  }

  private static int unlessZero(int wanted, int present) {
    return wanted == 0 ? present : wanted;
  }

  @Override
  public List<SyncDaemon> daemons() {
    reads++;
    return List.copyOf(daemons.values());
  }

  @Override
  public void startDaemon(SyncDaemon daemon) throws IOException {
    writes++;
    Errno errno = refusal(daemon);
    if (errno != null) {
      throw new NetlinkException("IPVS NEW_DAEMON " + daemon, errno, "");
    }
    daemons.put(daemon.state(), FakeDaemons.withDefaults(daemon));
  }

  private @Nullable Errno refusal(SyncDaemon daemon) {
    if (daemons.containsKey(daemon.state())) {
      return Errno.EEXIST;
    }
    return interfaces.contains(daemon.multicastInterface()) ? null : Errno.ENODEV;
  }

  @Override
  public void stopDaemon(SyncDaemon.State state) throws IOException {
    writes++;
    if (daemons.remove(state) == null) {
      throw new NetlinkException("IPVS DEL_DAEMON " + state, Errno.ESRCH, "");
    }
  }

  @Override
  public void close() {}

  @Override
  public List<ObservedService> services(AddressFamily family) {
    reads++;
    return table.services().stream().filter(s -> s.service().key().family() == family).toList();
  }
}
