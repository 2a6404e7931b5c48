package io.kubeipvs.proxy.explain;

import io.kubeipvs.ipset.ObservedSet;
import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.route.Route;
import io.kubeipvs.netlink.route.RoutingRule;
import io.kubeipvs.proxy.inspect.IpvsTable;
import io.kubeipvs.proxy.inspect.KernelState;
import io.kubeipvs.proxy.inspect.Part;
import io.kubeipvs.proxy.inspect.Routing;
import io.kubeipvs.proxy.inspect.ToolRules;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a walk needs of a kernel's state. */
final class KernelFacts {
  private KernelFacts() {}

  static Facts of(KernelState kernel) {
    Routing routing = kernel.routing().orElse(Routing.NONE);
    return new Facts(
        routing.links(),
        routing.addresses(),
        routes(routing.all()),
        rules(routing.rules()),
        saved(kernel),
        sets(kernel),
        services(kernel),
        kernel.connections().orElse(List.of()),
        kernel.flows().orElse(List.of()),
        kernel.sysctls(),
        kernel.listeners().value().map(all -> new HostSockets(Set.copyOf(all))),
        kernel.recentClients().value(),
        missing(kernel));
  }

  private static Map<AddressFamily, List<Route>> routes(List<Route> all) {
    Map<AddressFamily, List<Route>> byFamily = new EnumMap<>(AddressFamily.class);
    for (Route route : all) {
      byFamily.computeIfAbsent(route.destination().family(), any -> new ArrayList<>()).add(route);
    }
    return byFamily;
  }

  private static Map<AddressFamily, List<RoutingRule>> rules(
      Map<AddressFamily, List<RoutingRule>> read) {
    return new HashMap<>(read);
  }

  private static Map<AddressFamily, SavedRules> saved(KernelState kernel) {
    Map<AddressFamily, SavedRules> byFamily = new EnumMap<>(AddressFamily.class);
    for (ToolRules rules : kernel.rules().orElse(List.of())) {
      byFamily.put(rules.family(), rules.saved());
    }
    return byFamily;
  }

  private static Map<String, ObservedSet> sets(KernelState kernel) {
    Map<String, ObservedSet> byName = new HashMap<>();
    for (ObservedSet set : kernel.sets().orElse(List.of())) {
      byName.put(set.header().name().value(), set);
    }
    return byName;
  }

  private static List<BalancedService> services(KernelState kernel) {
    return kernel.ipvs().map(IpvsTable::entries).orElse(List.of()).stream()
        .map(entry -> new BalancedService(entry.service(), entry.servers()))
        .toList();
  }

  private static List<String> missing(KernelState kernel) {
    Map<String, Part<?>> parts = new LinkedHashMap<>();
    parts.put("routes and addresses", kernel.routing());
    parts.put("rules", kernel.rules());
    parts.put("sets", kernel.sets());
    parts.put("IPVS", kernel.ipvs());
    parts.put("connections of IPVS", kernel.connections());
    parts.put("tracked flows", kernel.flows());
    parts.put("listening sockets", kernel.listeners());
    List<String> missing = new ArrayList<>();
    parts.forEach(
        (name, part) -> {
          if (!part.isPresent()) {
            missing.add(name + ": " + part.missing());
          }
        });
    return missing;
  }
}
