package io.kubeipvs.netlink.route;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.Errno;
import io.kubeipvs.netlink.NetlinkException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Links, addresses and local routes in memory. Refuses what the kernel refuses, with its numbers;
 * {@code RoutesContract} holds both to that. Begins as a fresh network namespace does once its
 * loopback device is up.
 */
public final class FakeRoutes implements Routes {
  private static final int LONGEST_NAME = 15;
  private static final Link LOOPBACK = new Link(1, "lo", "", true);

  private final TreeMap<Integer, Link> links = new TreeMap<>();
  private final TreeSet<LinkAddress> addresses = new TreeSet<>();
  private final TreeSet<LocalRoute> routes = new TreeSet<>();
  private final List<RouteCommand> executed = new ArrayList<>();
  private int nextIndex = 2;

  public FakeRoutes() {
    links.put(LOOPBACK.index(), LOOPBACK);
    addresses.add(new LinkAddress(1, IpAddress.of("127.0.0.1"), 8));
    addresses.add(new LinkAddress(1, IpAddress.of("::1"), 128));
  }

  /** A link that somebody else made, such as {@code eth0}. */
  public Link addLink(String name, String kind, boolean up) {
    Link link = new Link(nextIndex++, name, kind, up);
    links.put(link.index(), link);
    return link;
  }

  /** Every command that was sent, the refused ones too. */
  public List<RouteCommand> executed() {
    return List.copyOf(executed);
  }

  public void forgetExecuted() {
    executed.clear();
  }

  /** Every route, whatever its protocol number. */
  public SortedSet<LocalRoute> allRoutes() {
    return new TreeSet<>(routes);
  }

  @Override
  public List<Link> links() {
    return List.copyOf(links.values());
  }

  @Override
  public Optional<Link> link(String name) {
    return links.values().stream().filter(link -> link.name().equals(name)).findFirst();
  }

  @Override
  public Link addDummy(String name) throws NetlinkException {
    String request = "ip link add " + name + " type dummy";
    if (name.length() > LONGEST_NAME) {
      throw new NetlinkException(request, Errno.ERANGE, "Attribute failed policy validation");
    }
    if (link(name).isPresent()) {
      throw new NetlinkException(request, Errno.EEXIST, "");
    }
    return addLink(name, "dummy", false);
  }

  @Override
  public void deleteLink(Link link) throws NetlinkException {
    String request = "ip link del " + link.name();
    if (link.index() == LOOPBACK.index()) {
      throw new NetlinkException(request, Errno.EOPNOTSUPP, "");
    }
    if (links.remove(link.index()) == null) {
      throw new NetlinkException(request, Errno.ENODEV, "");
    }
    addresses.removeIf(address -> address.linkIndex() == link.index());
  }

  @Override
  public List<LinkAddress> addresses(AddressFamily family) {
    return addresses.stream().filter(a -> a.address().family() == family).toList();
  }

  @Override
  public List<LocalRoute> localRoutes(AddressFamily family, int protocol) {
    return routes.stream()
        .filter(r -> r.protocol() == protocol && r.destination().family() == family)
        .toList();
  }

  @Override
  public List<RouteFailure> execute(List<? extends RouteCommand> commands) {
    List<RouteFailure> failures = new ArrayList<>();
    for (RouteCommand command : commands) {
      executed.add(command);
      command
          .on(new Execution())
          .map(errno -> new NetlinkException("ip " + command, errno, ""))
          .ifPresent(refusal -> failures.add(new RouteFailure(command, refusal)));
    }
    return failures;
  }

  @Override
  public void close() throws IOException {}

  private boolean isLocal(IpAddress address) {
    return addresses.stream().anyMatch(a -> a.address().equals(address));
  }

  /** IPv4 takes any address that is delivered locally, IPv6 only one that is on a link. */
  private boolean canBeSource(IpAddress source, LocalRoute route) {
    if (source.family() == AddressFamily.IPV6) {
      return isLocal(source);
    }
    return isLocal(source)
        || source.isLoopback()
        || source.equals(route.destination())
        || routes.stream().anyMatch(r -> r.destination().equals(source));
  }

  /** Empty for success, the number the caller gets to see for a refusal. */
  private final class Execution implements RouteCommand.Cases<Optional<Errno>> {
    @Override
    public Optional<Errno> addRoute(LocalRoute route) {
      if (route.source().isPresent() && !canBeSource(route.source().get(), route)) {
        return Optional.of(Errno.EINVAL);
      }
      deleteRoute(route);
      routes.add(route);
      return Optional.empty();
    }

    @Override
    public Optional<Errno> deleteRoute(LocalRoute route) {
      routes.removeIf(
          r -> r.destination().equals(route.destination()) && r.protocol() == route.protocol());
      return Optional.empty();
    }

    @Override
    public Optional<Errno> addAddress(LinkAddress address) {
      if (!links.containsKey(address.linkIndex())) {
        return Optional.of(Errno.ENODEV);
      }
      addresses.add(address);
      return Optional.empty();
    }

    @Override
    public Optional<Errno> deleteAddress(LinkAddress address) {
      addresses.remove(address);
      return Optional.empty();
    }
  }
}
