package io.kubeipvs.proxy.inspect;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.route.Link;
import io.kubeipvs.netlink.route.LinkAddress;
import io.kubeipvs.netlink.route.LocalRoute;
import io.kubeipvs.netlink.route.Route;
import io.kubeipvs.netlink.route.RoutingRule;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Interfaces, their addresses, and routes.
 *
 * @param routes those that are ours, of {@link io.kubeipvs.proxy.diff.VipBinding#ROUTE_PROTOCOL}
 * @param all every route of every table, in no order
 * @param rules which packets look into which table, by family
 */
public record Routing(
    List<Link> links,
    List<LinkAddress> addresses,
    List<LocalRoute> routes,
    List<Route> all,
    SortedMap<AddressFamily, List<RoutingRule>> rules) {
  public static final Routing NONE = new Routing(List.of(), List.of(), List.of());

  public Routing {
    links = List.copyOf(links);
    addresses = List.copyOf(addresses);
    routes = List.copyOf(routes);
    all = List.copyOf(all);
    rules = Collections.unmodifiableSortedMap(new TreeMap<>(rules));
  }

  /** Nothing but what is ours. */
  public Routing(List<Link> links, List<LinkAddress> addresses, List<LocalRoute> routes) {
    this(links, addresses, routes, List.of(), Collections.emptySortedMap());
  }
}
