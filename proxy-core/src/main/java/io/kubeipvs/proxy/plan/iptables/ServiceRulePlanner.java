package io.kubeipvs.proxy.plan.iptables;

import io.kubeipvs.iptables.ChainKey;
import io.kubeipvs.iptables.Rule;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServicePort;
import io.kubeipvs.proxy.plan.Claim;
import io.kubeipvs.proxy.plan.PlanContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Plans one Service in one family, port by port; used once. */
final class ServiceRulePlanner {
  private final Service service;
  private final AddressFamily family;
  private final Collection<EndpointSlice> slices;
  private final PlanContext context;
  private final IptablesSettings settings;

  private final SortedMap<ChainKey, List<Rule>> chains = new TreeMap<>();
  private final Map<Claim, RulePortal> claimed = new LinkedHashMap<>();
  private final List<RulePortal> shared = new ArrayList<>();

  ServiceRulePlanner(
      Service service,
      AddressFamily family,
      Collection<EndpointSlice> slices,
      PlanContext context,
      IptablesSettings settings) {
    this.service = service;
    this.family = family;
    this.slices = slices;
    this.context = context;
    this.settings = settings;
  }

  ServiceRules plan() {
    if (service.has(family)) {
      service.ports().forEach(this::plan);
    }
    List<RulePortal> portals = new ArrayList<>(claimed.values());
    portals.addAll(shared);
    return new ServiceRules(service.name(), chains, portals);
  }

  private void plan(ServicePort port) {
    PortTraffic traffic = PortTraffic.of(service, port, family, slices, context);
    PortWords words = new PortWords(service.portName(port), family);
    PortRules rules = new PortRules(service, port, traffic, words, context, settings.rules());
    chains.putAll(rules.chains());
    PortEntrances entrances =
        new PortEntrances(service, port, traffic, words, rules.isRestricted());
    each(service.clusterIps(), ip -> add(entrances.clusterIp(ip)));
    each(service.external().loadBalancerIps(), ip -> add(entrances.loadBalancer(ip)));
    each(service.external().ips(), ip -> add(entrances.externalIp(ip)));
    if (port.nodePort() != 0) {
      add(entrances.nodePort());
    }
    entrances.healthCheck().ifPresent(shared::add);
  }

  private void each(List<IpAddress> addresses, Consumer<IpAddress> then) {
    addresses.stream().filter(address -> address.family() == family).forEach(then);
  }

  /**
   * An external IP may be a load balancer's IP as well, of the same Service. It is then restricted
   * to the source ranges, by whichever name it is called.
   */
  private void add(RulePortal portal) {
    claimed.putIfAbsent(portal.claim().orElseThrow(), portal);
  }
}
