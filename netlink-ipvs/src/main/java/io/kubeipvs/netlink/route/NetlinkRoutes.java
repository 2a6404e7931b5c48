package io.kubeipvs.netlink.route;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.BatchFailure;
import io.kubeipvs.netlink.Errno;
import io.kubeipvs.netlink.NetlinkConnection;
import io.kubeipvs.netlink.NetlinkException;
import io.kubeipvs.netlink.NetlinkMessage;
import io.kubeipvs.netlink.NetlinkRequest;
import io.kubeipvs.netlink.NetlinkTrace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@link Routes} over {@code rtnetlink(7)}. Not for more than one thread at a time. */
public final class NetlinkRoutes implements Routes {
  private final NetlinkConnection connection;

  NetlinkRoutes(NetlinkConnection connection) {
    this.connection = connection;
  }

  public static NetlinkRoutes open(NetlinkTrace trace) throws IOException {
    return new NetlinkRoutes(NetlinkConnection.open(NetlinkConnection.ROUTE, trace));
  }

  @Override
  public List<Link> links() throws IOException {
    List<Link> links = new ArrayList<>();
    for (NetlinkMessage message : connection.dump(LinkCodec.getAll())) {
      links.add(LinkCodec.decode(message));
    }
    return links;
  }

  @Override
  public Optional<Link> link(String name) throws IOException {
    try {
      for (NetlinkMessage message : connection.request(LinkCodec.get(name))) {
        return Optional.of(LinkCodec.decode(message));
      }
      return Optional.empty();
    } catch (NetlinkException e) {
      if (e.is(Errno.ENODEV)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public Link addDummy(String name) throws IOException {
    connection.request(LinkCodec.addDummy(name));
    return link(name).orElseThrow(() -> new IOException("link " + name + " is gone again"));
  }

  @Override
  public void deleteLink(Link link) throws IOException {
    connection.request(LinkCodec.delete(link));
  }

  @Override
  public List<LinkAddress> addresses(AddressFamily family) throws IOException {
    List<LinkAddress> addresses = new ArrayList<>();
    for (NetlinkMessage message : connection.dump(AddressCodec.getAll(family))) {
      AddressCodec.decode(message, family).ifPresent(addresses::add);
    }
    return addresses;
  }

  @Override
  public List<LocalRoute> localRoutes(AddressFamily family, int protocol) throws IOException {
    List<LocalRoute> routes = new ArrayList<>();
    for (NetlinkMessage message : connection.dump(LocalRouteCodec.getAll(family, protocol))) {
      LocalRouteCodec.decode(message, family, protocol).ifPresent(routes::add);
    }
    return routes;
  }

  @Override
  public List<Route> routes(AddressFamily family) throws IOException {
    List<Route> routes = new ArrayList<>();
    for (NetlinkMessage message : connection.dump(RouteCodec.getAll(family))) {
      RouteCodec.decode(message, family).ifPresent(routes::add);
    }
    return routes;
  }

  @Override
  public List<RoutingRule> routingRules(AddressFamily family) throws IOException {
    List<RoutingRule> rules = new ArrayList<>();
    for (NetlinkMessage message : connection.dump(RoutingRuleCodec.getAll(family))) {
      RoutingRuleCodec.decode(message, family).ifPresent(rules::add);
    }
    return rules;
  }

  @Override
  public List<RouteFailure> execute(List<? extends RouteCommand> commands) throws IOException {
    List<NetlinkRequest> requests = new ArrayList<>(commands.size());
    for (RouteCommand command : commands) {
      requests.add(command.on(new RequestOf(command)));
    }
    List<RouteFailure> failures = new ArrayList<>();
    for (BatchFailure failure : connection.batch(requests)) {
      RouteCommand command = commands.get(failure.index());
      if (!command.on(HARMLESS).contains(failure.cause().errno())) {
        failures.add(new RouteFailure(command, failure.cause()));
      }
    }
    return failures;
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }

  private record RequestOf(RouteCommand command) implements RouteCommand.Cases<NetlinkRequest> {
    @Override
    public NetlinkRequest addRoute(LocalRoute route) {
      return LocalRouteCodec.add(route, command);
    }

    @Override
    public NetlinkRequest deleteRoute(LocalRoute route) {
      return LocalRouteCodec.delete(route, command);
    }

    @Override
    public NetlinkRequest addAddress(LinkAddress address) {
      return AddressCodec.add(address, command);
    }

    @Override
    public NetlinkRequest deleteAddress(LinkAddress address) {
      return AddressCodec.delete(address, command);
    }
  }

  /** The refusals that say: it is as you want it already. */
  private static final RouteCommand.Cases<Set<Errno>> HARMLESS =
      new RouteCommand.Cases<>() {
        @Override
        public Set<Errno> addRoute(LocalRoute route) {
          return Set.of();
        }

        @Override
        public Set<Errno> deleteRoute(LocalRoute route) {
          return Set.of(Errno.ESRCH);
        }

        @Override
        public Set<Errno> addAddress(LinkAddress address) {
          return Set.of(Errno.EEXIST);
        }

        /** {@code ENODEV} without the link, {@code ENXIO} where it never had IPv6 addresses. */
        @Override
        public Set<Errno> deleteAddress(LinkAddress address) {
          return Set.of(Errno.EADDRNOTAVAIL, Errno.ENODEV, Errno.ENXIO);
        }
      };
}
