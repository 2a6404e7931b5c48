package io.kubeipvs.proxy.inspect.memory;

import io.kubeipvs.ipvs.CommandFailure;
import io.kubeipvs.ipvs.Ipvs;
import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.IpvsInfo;
import io.kubeipvs.ipvs.IpvsTimeouts;
import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.ObservedService;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.Statistics;
import io.kubeipvs.ipvs.SyncDaemon;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.netlink.Errno;
import io.kubeipvs.netlink.NetlinkException;
import io.kubeipvs.proxy.inspect.IpvsTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** An IPVS table. Servers keep the connections they have; nobody opens or closes one. */
final class MemoryIpvs implements Ipvs {
  private final IpvsInfo info;
  private final IpvsTimeouts timeouts;
  private final Predicate<Scheduler> offered;
  private final Map<ServiceKey, Row> rows = new LinkedHashMap<>();

  /** A service with its servers, oldest first. */
  private static final class Row {
    private VirtualService service;
    private final Statistics statistics;
    private final Map<ServerKey, ObservedServer> servers = new LinkedHashMap<>();

    Row(VirtualService service, Statistics statistics) {
      this.service = service;
      this.statistics = statistics;
    }

    void put(RealServer server) {
      ObservedServer former = servers.get(server.key());
      servers.put(
          server.key(),
          former == null
              ? new ObservedServer(server, 0, 0, 0, Statistics.ZERO)
              : new ObservedServer(
                  server,
                  former.activeConnections(),
                  former.inactiveConnections(),
                  former.persistentConnections(),
                  former.statistics()));
    }
  }

  /**
   * @param offered which schedulers it has
   */
  MemoryIpvs(IpvsTable table, Predicate<Scheduler> offered) {
    this.info = table.info();
    this.timeouts = table.timeouts();
    this.offered = offered;
    for (IpvsTable.Entry entry : table.entries()) {
      Row row = new Row(entry.service(), entry.statistics());
      List<ObservedServer> oldestFirst = new ArrayList<>(entry.servers());
      Collections.reverse(oldestFirst);
      oldestFirst.forEach(server -> row.servers.put(server.server().key(), server));
      rows.put(entry.service().key(), row);
    }
  }

  /** What it holds now. */
  IpvsTable table() {
    return new IpvsTable(
        info,
        timeouts,
        services().stream()
            .map(s -> new IpvsTable.Entry(s.service(), s.statistics(), servers(s.service().key())))
            .toList());
  }

  @Override
  public IpvsInfo info() {
    return info;
  }

  @Override
  public List<ObservedService> services() {
    return rows.values().stream()
        .map(row -> new ObservedService(row.service, row.statistics))
        .toList();
  }

  @Override
  public Optional<ObservedService> service(ServiceKey key) {
    return Optional.ofNullable(rows.get(key))
        .map(row -> new ObservedService(row.service, row.statistics));
  }

  @Override
  public List<ObservedServer> servers(ServiceKey key) {
    Row row = rows.get(key);
    List<ObservedServer> newestFirst =
        row == null ? new ArrayList<>() : new ArrayList<>(row.servers.values());
    Collections.reverse(newestFirst);
    return newestFirst;
  }

  @Override
  public List<CommandFailure> execute(List<? extends IpvsCommand> commands) {
    List<CommandFailure> refused = new ArrayList<>();
    for (IpvsCommand command : commands) {
      Errno errno = execute(command);
      if (errno != null) {
        refused.add(
            new CommandFailure(command, new NetlinkException("ipvsadm " + command, errno, "")));
      }
    }
    return refused;
  }

  /** Null when it was carried out. */
  private @Nullable Errno execute(IpvsCommand command) {
    if (command instanceof IpvsCommand.AddService add) {
      return add(add.service());
    }
    Row row = rows.get(command.key());
    if (row == null) {
      return Errno.ESRCH;
    }
    if (command instanceof IpvsCommand.UpdateService update) {
      if (!offered.test(update.service().scheduler())) {
        return Errno.ENOENT;
      }
      row.service = update.service();
    } else if (command instanceof IpvsCommand.DeleteService delete) {
      rows.remove(delete.key());
    } else if (command instanceof IpvsCommand.AddServer add) {
      row.put(add.server());
    } else if (command instanceof IpvsCommand.UpdateServer update) {
      row.put(update.server());
    } else if (command instanceof IpvsCommand.DeleteServer delete) {
      row.servers.remove(delete.server());
    }
    return null;
  }

  private @Nullable Errno add(VirtualService service) {
    if (!offered.test(service.scheduler())) {
      return Errno.ENOENT;
    }
    boolean isNew = rows.putIfAbsent(service.key(), new Row(service, Statistics.ZERO)) == null;
    return isNew ? null : Errno.EEXIST;
  }

  @Override
  public void flush() {
    rows.clear();
  }

  @Override
  public void zero() {
    throw new UnsupportedOperationException("no sync zeroes counters");
  }

  @Override
  public void zero(ServiceKey key) {
    throw new UnsupportedOperationException("no sync zeroes counters");
  }

  @Override
  public IpvsTimeouts timeouts() {
    return timeouts;
  }

  @Override
  public void setTimeouts(IpvsTimeouts other) {
    throw new UnsupportedOperationException("no sync sets timeouts");
  }

  @Override
  public List<SyncDaemon> daemons() {
    return List.of();
  }

  @Override
  public void startDaemon(SyncDaemon daemon) {
    throw new UnsupportedOperationException("no sync starts daemons");
  }

  @Override
  public void stopDaemon(SyncDaemon.State state) {
    throw new UnsupportedOperationException("no sync stops daemons");
  }

  @Override
  public void close() {}
}
