package io.kubeipvs.proxy.inspect.memory;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.route.Link;
import io.kubeipvs.netlink.route.LinkAddress;
import io.kubeipvs.netlink.route.LocalRoute;
import io.kubeipvs.netlink.route.RouteCommand;
import io.kubeipvs.netlink.route.RouteFailure;
import io.kubeipvs.netlink.route.Routes;
import io.kubeipvs.proxy.inspect.Routing;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Links, their addresses, and our local routes. */
final class MemoryRoutes implements Routes, RouteCommand.Cases<Boolean> {
  private final List<Link> links;
  private final Set<LinkAddress> addresses;
  private final Set<LocalRoute> routes;

  MemoryRoutes(Routing routing) {
    this.links = new ArrayList<>(routing.links());
    this.addresses = new LinkedHashSet<>(routing.addresses());
    this.routes = new LinkedHashSet<>(routing.routes());
  }

  /** What it holds now. */
  Routing routing() {
    return new Routing(links, List.copyOf(addresses), List.copyOf(routes));
  }

  @Override
  public List<Link> links() {
    return List.copyOf(links);
  }

  @Override
  public Optional<Link> link(String name) {
    return links.stream().filter(link -> link.name().equals(name)).findFirst();
  }

  @Override
  public Link addDummy(String name) {
    int index = links.stream().mapToInt(Link::index).max().orElse(0) + 1;
    Link link = new Link(index, name, "dummy", false);
    links.add(link);
    return link;
  }

  @Override
  public void deleteLink(Link link) {
    links.remove(link);
    addresses.removeIf(address -> address.linkIndex() == link.index());
  }

  @Override
  public List<LinkAddress> addresses(AddressFamily family) {
    return addresses.stream().filter(address -> address.address().family() == family).toList();
  }

  @Override
  public List<LocalRoute> localRoutes(AddressFamily family, int protocol) {
    return routes.stream()
        .filter(route -> route.destination().family() == family && route.protocol() == protocol)
        .toList();
  }

  @Override
  public List<RouteFailure> execute(List<? extends RouteCommand> commands) {
    commands.forEach(command -> command.on(this));
    return List.of();
  }

  @Override
  public Boolean addRoute(LocalRoute route) {
    deleteRoute(route);
    return routes.add(route);
  }

  /** Whatever its source. */
  @Override
  public Boolean deleteRoute(LocalRoute route) {
    return routes.removeIf(
        other ->
            other.destination().equals(route.destination())
                && other.protocol() == route.protocol());
  }

  @Override
  public Boolean addAddress(LinkAddress address) {
    return addresses.add(address);
  }

  @Override
  public Boolean deleteAddress(LinkAddress address) {
    return addresses.remove(address);
  }

  @Override
  public void close() {}
}
