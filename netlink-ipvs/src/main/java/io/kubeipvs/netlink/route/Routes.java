package io.kubeipvs.netlink.route;

import io.kubeipvs.net.AddressFamily;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Links, addresses and local routes of one network namespace.
 *
 * <p>Methods throw {@link io.kubeipvs.netlink.NetlinkException} where the kernel said no, and other
 * {@link IOException}s where its answer cannot be read or a system call failed.
 */
public interface Routes extends AutoCloseable {

  List<Link> links() throws IOException;

  Optional<Link> link(String name) throws IOException;

  /** Makes a link of kind {@code dummy}, left down as it is born. One that exists is refused. */
  Link addDummy(String name) throws IOException;

  /** Deletes the link and the addresses on it. */
  void deleteLink(Link link) throws IOException;

  /** The addresses of that family on every link. */
  List<LinkAddress> addresses(AddressFamily family) throws IOException;

  /**
   * The host routes of type local in the local table that carry that protocol number and the metric
   * that goes with it here.
   */
  List<LocalRoute> localRoutes(AddressFamily family, int protocol) throws IOException;

  /** All routes of that family, in every table. None in a fake. */
  default List<Route> routes(AddressFamily family) throws IOException {
    return List.of();
  }

  /** Which packets look into which of those tables. None in a fake. */
  default List<RoutingRule> routingRules(AddressFamily family) throws IOException {
    return List.of();
  }

  /**
   * Sends the commands in order, as few system calls as there can be. A refused one does not stop
   * those behind it.
   *
   * @return the refused ones, in order
   */
  List<RouteFailure> execute(List<? extends RouteCommand> commands) throws IOException;

  @Override
  void close() throws IOException;
}
