package io.kubeipvs.proxy.explain;

import io.kubeipvs.ipset.ObservedSet;
import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.ipvs.IpvsConnection;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.conntrack.Flow;
import io.kubeipvs.netlink.route.Link;
import io.kubeipvs.netlink.route.LinkAddress;
import io.kubeipvs.netlink.route.Route;
import io.kubeipvs.netlink.route.RoutingRule;
import io.kubeipvs.proxy.inspect.RecentClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A kernel as it was read; what a walk depends on.
 *
 * @param rules of the families that were read
 * @param services of IPVS, with their servers
 * @param connections of IPVS, and templates of persistence
 * @param sysctls by path below {@code /proc/sys}: {@code net/ipv4/ip_forward}
 * @param sockets what listens on this host; empty where that was not read
 * @param recentClients whom {@code -m recent} remembers; empty where that was not read
 * @param missing what could not be read, and why: answers that depend on it are not certain
 */
record Facts(
    List<Link> links,
    List<LinkAddress> addresses,
    Map<AddressFamily, List<Route>> routes,
    Map<AddressFamily, List<RoutingRule>> routingRules,
    Map<AddressFamily, SavedRules> rules,
    Map<String, ObservedSet> sets,
    List<BalancedService> services,
    List<IpvsConnection> connections,
    List<Flow> flows,
    Map<String, String> sysctls,
    Optional<HostSockets> sockets,
    Optional<List<RecentClient>> recentClients,
    List<String> missing) {

  Facts {
    links = List.copyOf(links);
    addresses = List.copyOf(addresses);
    routes = Map.copyOf(routes);
    routingRules = Map.copyOf(routingRules);
    rules = Map.copyOf(rules);
    sets = Map.copyOf(sets);
    services = List.copyOf(services);
    connections = List.copyOf(connections);
    flows = List.copyOf(flows);
    sysctls = Map.copyOf(sysctls);
    recentClients = recentClients.map(List::copyOf);
    missing = List.copyOf(missing);
  }

  /** The number of a kernel setting; empty where it was not read. */
  Optional<Integer> sysctl(String path) {
    String value = sysctls.get(path);
    if (value == null || !value.matches("-?[0-9]{1,9}")) {
      return Optional.empty();
    }
    return Optional.of(Integer.parseInt(value));
  }

  Optional<Link> link(int index) {
    return links.stream().filter(link -> link.index() == index).findFirst();
  }

  Optional<Link> link(String name) {
    return links.stream().filter(link -> link.name().equals(name)).findFirst();
  }
}
