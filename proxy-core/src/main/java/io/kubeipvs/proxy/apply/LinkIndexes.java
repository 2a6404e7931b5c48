package io.kubeipvs.proxy.apply;

import io.kubeipvs.netlink.route.Link;
import io.kubeipvs.netlink.route.LinkAddress;
import io.kubeipvs.netlink.route.RouteCommand;
import io.kubeipvs.netlink.route.Routes;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Puts the number of a link where a command names it. A plan cannot: the link may be made in the
 * same batch, and get another number each time it is made.
 */
final class LinkIndexes {
  private final Routes routes;
  private final Map<String, Integer> known = new HashMap<>();

  LinkIndexes(Routes routes) {
    this.routes = routes;
  }

  RouteCommand resolve(RouteCommand command) throws IOException {
    if (command instanceof RouteCommand.AddAddress add) {
      return new RouteCommand.AddAddress(add.linkName(), resolve(add.linkName(), add.address()));
    }
    if (command instanceof RouteCommand.DeleteAddress delete) {
      return new RouteCommand.DeleteAddress(
          delete.linkName(), resolve(delete.linkName(), delete.address()));
    }
    return command;
  }

  private LinkAddress resolve(String name, LinkAddress address) throws IOException {
    Integer index = known.get(name);
    if (index == null) {
      // 0 is no link's number: the kernel refuses it, and says so for each address.
      index = routes.link(name).map(Link::index).orElse(0);
      known.put(name, index);
    }
    return new LinkAddress(index, address.address(), address.prefixLength());
  }
}
