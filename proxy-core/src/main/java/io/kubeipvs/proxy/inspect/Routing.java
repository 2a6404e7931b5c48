package io.kubeipvs.proxy.inspect;

import io.kubeipvs.netlink.route.Link;
import io.kubeipvs.netlink.route.LinkAddress;
import io.kubeipvs.netlink.route.LocalRoute;
import java.util.List;

/**
 * Interfaces, their addresses, and the local routes that are ours.
 *
 * @param routes those of {@link io.kubeipvs.proxy.diff.VipBinding#ROUTE_PROTOCOL}
 */
public record Routing(List<Link> links, List<LinkAddress> addresses, List<LocalRoute> routes) {
  public static final Routing NONE = new Routing(List.of(), List.of(), List.of());

  public Routing {
    links = List.copyOf(links);
    addresses = List.copyOf(addresses);
    routes = List.copyOf(routes);
  }
}
