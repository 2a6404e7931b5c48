package io.kubeipvs.proxy.explain;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.netlink.route.Link;
import io.kubeipvs.netlink.route.Route;
import io.kubeipvs.netlink.route.RoutingRule;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Looks up routes as the kernel does: rules by priority, then the longest prefix of a table. */
final class Router {
  private final Facts facts;
  private final Map<Place, Route> best = new HashMap<>();
  private final Map<AddressFamily, SortedSet<Integer>> lengths = new EnumMap<>(AddressFamily.class);

  private record Place(int table, IpPrefix destination) {}

  Router(Facts facts) {
    this.facts = facts;
    facts.routes().values().forEach(routes -> routes.forEach(this::add));
  }

  /** Of routes with one destination the one with the least metric counts. */
  private void add(Route route) {
    AddressFamily family = route.destination().family();
    lengths
        .computeIfAbsent(family, any -> new TreeSet<>(Comparator.reverseOrder()))
        .add(route.destination().length());
    best.merge(
        new Place(route.table(), route.destination()),
        route,
        (one, other) -> Integer.compareUnsigned(other.metric(), one.metric()) < 0 ? other : one);
  }

  /**
   * Where a packet goes.
   *
   * @param route empty where no route leads there
   * @param doubt what had to be assumed; empty where nothing was
   */
  record Found(Optional<Route> route, String doubt) {
    boolean isLocal() {
      return route.isPresent() && route.get().type().equals(Route.Type.LOCAL);
    }
  }

  Found find(Packet packet) {
    return find(packet.destination(), Optional.of(packet.source()), packet.mark(), packet.in());
  }

  /**
   * @param source empty while none is chosen
   * @param in the device it came in by; empty for what is made here
   */
  Found find(IpAddress destination, Optional<IpAddress> source, int mark, String in) {
    AddressFamily family = destination.family();
    String doubt = "";
    for (RoutingRule rule : rules(family)) {
      if (rule.others()) {
        doubt = "the routing rule of priority " + rule.priority() + " is not understood";
      } else if (concerns(rule, destination, source, mark, in)) {
        Optional<Route> best = best(family, rule.table(), destination);
        if (best.isPresent() && !best.get().type().equals(Route.Type.THROW)) {
          return new Found(best, doubt);
        }
      }
    }
    return new Found(Optional.empty(), doubt);
  }

  private List<RoutingRule> rules(AddressFamily family) {
    List<RoutingRule> read = facts.routingRules().getOrDefault(family, List.of());
    return read.isEmpty()
        ? Stream.of(Route.TABLE_LOCAL, Route.TABLE_MAIN, Route.TABLE_DEFAULT)
            .map(Router::everybody)
            .toList()
        : read.stream()
            .sorted(Comparator.comparing(RoutingRule::priority, Integer::compareUnsigned))
            .toList();
  }

  private static RoutingRule everybody(int table) {
    return new RoutingRule(
        0, Optional.empty(), Optional.empty(), "", "", 0, 0, table, false, false);
  }

  private static boolean concerns(
      RoutingRule rule, IpAddress destination, Optional<IpAddress> source, int mark, String in) {
    boolean fits =
        rule.destination().map(prefix -> prefix.contains(destination)).orElse(true)
            && rule.source()
                .map(prefix -> source.isPresent() && prefix.contains(source.get()))
                .orElse(true)
            && (mark & rule.markMask()) == (rule.mark() & rule.markMask())
            && (rule.inDevice().isEmpty() || rule.inDevice().equals(in.isEmpty() ? "lo" : in))
            && rule.outDevice().isEmpty();
    return fits != rule.inverted();
  }

  private Optional<Route> best(AddressFamily family, int table, IpAddress destination) {
    for (int length : lengths.getOrDefault(family, Collections.emptySortedSet())) {
      Route route = best.get(new Place(table, new IpPrefix(destination, length)));
      if (route != null) {
        return Optional.of(route);
      }
    }
    return Optional.empty();
  }

  /** The type of an address as {@code addrtype} sees it. */
  Route.Type type(IpAddress address) {
    if (address.isMulticast()) {
      return Route.Type.MULTICAST;
    }
    return best(address.family(), Route.TABLE_LOCAL, address)
        .map(Route::type)
        .orElse(Route.Type.UNICAST);
  }

  boolean isLocal(IpAddress address) {
    return type(address).equals(Route.Type.LOCAL);
  }

  /** The name of the device a route leads to; empty where it leads to none, or to several. */
  String device(Route route) {
    return facts.link(route.linkIndex()).map(Link::name).orElse("");
  }

  /** As {@code ip route} prints it, as far as it matters here. */
  String text(Route route) {
    String device = device(route);
    return (route.type().equals(Route.Type.UNICAST) ? "" : route.type() + " ")
        + (route.destination().length() == 0 ? "default" : route.destination())
        + route.gateway().map(gateway -> " via " + gateway).orElse("")
        + (device.isEmpty() ? "" : " dev " + device)
        + (route.table() == Route.TABLE_MAIN ? "" : " table " + table(route.table()))
        + route.source().map(source -> " src " + source).orElse("");
  }

  private static String table(int table) {
    return switch (table) {
      case Route.TABLE_LOCAL -> "local";
      case Route.TABLE_DEFAULT -> "default";
      default -> Integer.toUnsignedString(table);
    };
  }
}
