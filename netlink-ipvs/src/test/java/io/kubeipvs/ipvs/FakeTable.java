package io.kubeipvs.ipvs;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.Errno;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Services and servers of {@link FakeIpvs}, with the kernel's checks in the kernel's order. */
final class FakeTable {
  private static final Set<String> SCHEDULERS =
      Set.of(
          "rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "mh", "fo", "ovf",
          "none");
  private static final Set<String> ENGINES = Set.of("", "sip");

  private final Map<ServiceKey, Entry> entries = new LinkedHashMap<>();

  /** A service and its servers, newest first. */
  private static final class Entry {
    private VirtualService service;
    private Statistics statistics = Statistics.ZERO;
    private final List<ObservedServer> servers = new ArrayList<>();

    Entry(VirtualService service) {
      this.service = service;
    }

    /** The position of that server, or -1. */
    int find(ServerKey key) {
      for (int i = 0; i < servers.size(); i++) {
        if (servers.get(i).server().key().equals(key)) {
          return i;
        }
      }
      return -1;
    }
  }

  List<ObservedService> services() {
    return entries.values().stream().map(FakeTable::observed).toList();
  }

  Optional<ObservedService> service(ServiceKey key) {
    return Optional.ofNullable(entries.get(key)).map(FakeTable::observed);
  }

  private static ObservedService observed(Entry entry) {
    return new ObservedService(entry.service, entry.statistics);
  }

  List<ObservedServer> servers(ServiceKey key) {
    Entry entry = entries.get(key);
    return entry == null ? List.of() : List.copyOf(entry.servers);
  }

  void flush() {
    entries.clear();
  }

  void zero() {
    entries.keySet().forEach(this::zero);
  }

  /** False when there is no such service. */
  boolean zero(ServiceKey key) {
    Entry entry = entries.get(key);
    if (entry == null) {
      return false;
    }
    entry.statistics = Statistics.ZERO;
    entry.servers.replaceAll(
        s ->
            new ObservedServer(
                s.server(),
                s.activeConnections(),
                s.inactiveConnections(),
                s.persistentConnections(),
                Statistics.ZERO));
    return true;
  }

  void setStatistics(ServiceKey key, Statistics statistics) {
    existing(key).statistics = statistics;
  }

  void setConnections(ServiceKey key, ServerKey server, int active, int inactive) {
    Entry entry = existing(key);
    int index = entry.find(server);
    if (index < 0) {
      throw new IllegalArgumentException(key + " has no server " + server);
    }
    ObservedServer old = entry.servers.get(index);
    entry.servers.set(
        index,
        new ObservedServer(
            old.server(), active, inactive, old.persistentConnections(), old.statistics()));
  }

  private Entry existing(ServiceKey key) {
    Entry entry = entries.get(key);
    if (entry == null) {
      throw new IllegalArgumentException("no service " + key);
    }
    return entry;
  }

  /** Carries the command out; null when it was, else why not. */
  @Nullable Errno apply(IpvsCommand command) {
    Entry entry = entries.get(command.key());
    if (command instanceof IpvsCommand.AddService add) {
      return entry == null ? addService(add.service()) : Errno.EEXIST;
    }
    return entry == null ? Errno.ESRCH : change(entry, command);
  }

  private @Nullable Errno addService(VirtualService service) {
    Errno errno = refusal(service);
    if (errno == null) {
      entries.put(service.key(), new Entry(service));
    }
    return errno;
  }

  private @Nullable Errno change(Entry entry, IpvsCommand command) {
    if (command instanceof IpvsCommand.UpdateService update) {
      return updateService(entry, update.service());
    }
    if (command instanceof IpvsCommand.DeleteService) {
      entries.remove(command.key());
      return null;
    }
    if (command instanceof IpvsCommand.AddServer add) {
      return addServer(entry, add.server());
    }
    if (command instanceof IpvsCommand.UpdateServer update) {
      return updateServer(entry, update.server());
    }
    IpvsCommand.DeleteServer delete = (IpvsCommand.DeleteServer) command;
    int index = entry.find(delete.server());
    if (index < 0) {
      return Errno.ENOENT;
    }
    entry.servers.remove(index);
    return null;
  }

  private static @Nullable Errno updateService(Entry entry, VirtualService service) {
    Errno errno = refusal(service);
    if (errno == null) {
      entry.service = service;
    }
    return errno;
  }

  private static @Nullable Errno refusal(VirtualService service) {
    if (!SCHEDULERS.contains(service.scheduler().name())
        || !ENGINES.contains(service.persistenceEngine())) {
      return Errno.ENOENT;
    }
    boolean maskFits =
        service.key().family() == AddressFamily.IPV4
            || (service.netmask() >= 1 && service.netmask() <= 128);
    return maskFits ? null : Errno.EINVAL;
  }

  private static @Nullable Errno addServer(Entry entry, RealServer server) {
    Errno errno = refusal(entry, server);
    if (errno != null) {
      return errno;
    }
    if (entry.find(server.key()) >= 0) {
      return Errno.EEXIST;
    }
    if (!isReachable(server.key().address())) {
      return Errno.EINVAL;
    }
    entry.servers.add(0, new ObservedServer(server, 0, 0, 0, Statistics.ZERO));
    return null;
  }

  private static @Nullable Errno updateServer(Entry entry, RealServer server) {
    Errno errno = refusal(entry, server);
    if (errno != null) {
      return errno;
    }
    int index = entry.find(server.key());
    if (index < 0) {
      return Errno.ENOENT;
    }
    ObservedServer old = entry.servers.get(index);
    entry.servers.set(
        index,
        new ObservedServer(
            server,
            old.activeConnections(),
            old.inactiveConnections(),
            old.persistentConnections(),
            old.statistics()));
    return null;
  }

  private static @Nullable Errno refusal(Entry entry, RealServer server) {
    boolean tunnel = server.method().equals(ForwardingMethod.TUNNEL);
    if (server.key().address().family() != entry.service.key().family() && !tunnel) {
      return Errno.EINVAL;
    }
    if (server.weight() < 0
        || Integer.compareUnsigned(server.lowerThreshold(), server.upperThreshold()) > 0) {
      return Errno.ERANGE;
    }
    boolean portMissing = server.tunnel().type() == Tunnel.GUE && server.tunnel().port() == 0;
    return portMissing ? Errno.EINVAL : null;
  }

  /** Unicast; for IPv6 beyond the link and no IPv4 address in disguise. */
  private static boolean isReachable(IpAddress address) {
    if (address.isMulticast() || address.isUnspecified()) {
      return false;
    }
    if (address.family() == AddressFamily.IPV6) {
      boolean mapped = address.high() == 0 && address.low() >>> 32 == 0xffff;
      return !address.isLinkLocal() && !mapped;
    }
    return address.low() != 0xffff_ffffL;
  }
}
