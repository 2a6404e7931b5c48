package io.kubeipvs.ipvs;

import io.kubeipvs.net.AddressFamily;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The IPVS table of one network namespace. Every method is one kernel request, but for {@link
 * #execute}, which sends many at once, and the dumps.
 *
 * <p>Methods throw {@link io.kubeipvs.netlink.NetlinkException} where the kernel said no, {@link
 * io.kubeipvs.netlink.MalformedMessageException} where its answer cannot be read, and other {@link
 * IOException}s where a system call failed.
 *
 * <p>The kernel (6.1) refuses with
 *
 * <ul>
 *   <li>{@code ESRCH} what names a service that does not exist, {@code EEXIST} to add one that
 *       does;
 *   <li>{@code ENOENT} to change a server that does not exist, {@code EEXIST} to add one that does;
 *   <li>{@code ENOENT} a scheduler or persistence engine it neither has nor can load;
 *   <li>{@code EINVAL} a server whose address is no routable unicast one ({@code 0.0.0.0},
 *       multicast, broadcast, IPv6 link-local, IPv4-mapped), one of the other family unless
 *       tunnelled, a GUE tunnel without a port, an IPv6 prefix length out of 1..128;
 *   <li>{@code ERANGE} a negative weight, a lower threshold above the upper.
 * </ul>
 */
public interface Ipvs extends AutoCloseable {

  IpvsInfo info() throws IOException;

  /** All virtual services, in the kernel's order. */
  List<ObservedService> services() throws IOException;

  /** One service; empty when the kernel has no such key. */
  Optional<ObservedService> service(ServiceKey key) throws IOException;

  /** The servers of that service, newest first; none where there is no such service. */
  List<ObservedServer> servers(ServiceKey key) throws IOException;

  /**
   * Where to look: every server at the price of one read, without some of its properties (see
   * {@link ProcIpVs}). Empty where the kernel shows no such text.
   */
  default Optional<ProcIpVs> overview() throws IOException {
    return Optional.empty();
  }

  /** Connections and templates of persistence, in the kernel's order. None in a fake. */
  default List<IpvsConnection> connections() throws IOException {
    return List.of();
  }

  /**
   * Sends the commands in order, as few system calls as there can be. A refused one does not stop
   * those behind it.
   *
   * @return the refused ones, in order
   */
  List<CommandFailure> execute(List<? extends IpvsCommand> commands) throws IOException;

  /** Deletes every virtual service of every family ({@code ipvsadm -C}). */
  void flush() throws IOException;

  /** Zeroes the counters of all services ({@code ipvsadm -Z}). */
  void zero() throws IOException;

  /** Zeroes the counters of one service and its servers; {@code ESRCH} when there is none. */
  void zero(ServiceKey key) throws IOException;

  IpvsTimeouts timeouts() throws IOException;

  /** Sets the timeouts that are not 0; {@code EINVAL} for negative ones. */
  void setTimeouts(IpvsTimeouts timeouts) throws IOException;

  /** The running sync daemons, at most one of each state. */
  List<SyncDaemon> daemons() throws IOException;

  /** {@code EEXIST} when one of that state runs, {@code ENODEV} without such an interface. */
  void startDaemon(SyncDaemon daemon) throws IOException;

  /** {@code ESRCH} when none of that state runs. */
  void stopDaemon(SyncDaemon.State state) throws IOException;

  @Override
  void close() throws IOException;

  /** The services of one family; convenience over {@link #services()}. */
  default List<ObservedService> services(AddressFamily family) throws IOException {
    return services().stream().filter(s -> s.service().key().family() == family).toList();
  }
}
