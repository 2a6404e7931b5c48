package io.kubeipvs.proxy.plan.iptables;

import io.kubeipvs.iptables.ChainKey;
import io.kubeipvs.iptables.Match;
import io.kubeipvs.iptables.Rule;
import io.kubeipvs.iptables.SharedRule;
import io.kubeipvs.iptables.Target;
import io.kubeipvs.iptables.Target.Verdict;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.conntrack.FlowFilter;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServicePort;
import io.kubeipvs.proxy.plan.Claim;
import io.kubeipvs.proxy.plan.PortEndpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The ways into one port of a Service, in one family. */
final class PortEntrances {
  private final Service service;
  private final ServicePort port;
  private final PortTraffic traffic;
  private final PortWords words;
  private final PortChains names;
  private final boolean restricted;

  PortEntrances(
      Service service, ServicePort port, PortTraffic traffic, PortWords words, boolean restricted) {
    this.service = service;
    this.port = port;
    this.traffic = traffic;
    this.words = words;
    this.names = new PortChains(words.name());
    this.restricted = restricted;
  }

  RulePortal clusterIp(IpAddress address) {
    SharedRule rule =
        traffic.servesInternal()
            ? to(
                KubeChains.SERVICES,
                Target.jumpTo(traffic.internalLocal() ? names.local() : names.cluster()),
                address,
                "cluster IP")
            : to(KubeChains.UNSERVED, unserved(), address, whyUnserved());
    return portal(
        claim(address),
        List.of(rule),
        FlowFilter.to(port.protocol(), address, port.port()),
        traffic.internalLocal() ? traffic.local() : traffic.cluster());
  }

  RulePortal externalIp(IpAddress address) {
    List<SharedRule> rules = new ArrayList<>();
    if (traffic.hasEndpoints()) {
      Target target = Target.jumpTo(names.external());
      rules.add(to(KubeChains.SERVICES, target, address, "external IP"));
    }
    return external(address, rules);
  }

  RulePortal loadBalancer(IpAddress address) {
    List<SharedRule> rules = new ArrayList<>();
    if (traffic.hasEndpoints()) {
      Target target = Target.jumpTo(restricted ? names.firewall() : names.external());
      rules.add(to(KubeChains.SERVICES, target, address, "loadbalancer IP"));
    }
    if (restricted) {
      String comment = "traffic not accepted by " + names.firewall();
      rules.add(to(KubeChains.SOURCE_RANGES, Verdict.DROP, address, comment));
    }
    return external(address, rules);
  }

  private RulePortal external(IpAddress address, List<SharedRule> rules) {
    if (!traffic.servesExternal()) {
      rules.add(to(KubeChains.UNSERVED_EXTERNAL, unserved(), address, whyUnserved()));
    }
    FlowFilter flows = FlowFilter.to(port.protocol(), address, port.port());
    return portal(claim(address), rules, flows, externalEndpoints());
  }

  RulePortal nodePort() {
    List<SharedRule> rules = new ArrayList<>();
    Match nodePort = words.port(port.nodePort());
    if (traffic.hasEndpoints()) {
      Target target = Target.jumpTo(names.external());
      rules.add(rule(KubeChains.NODE_PORTS, target, words.protocol(), words.comment(), nodePort));
    }
    if (!traffic.servesExternal()) {
      rules.add(
          rule(
              KubeChains.UNSERVED_EXTERNAL,
              unserved(),
              words.protocol(),
              words.comment(whyUnserved()),
              Match.destinationIsLocal(),
              nodePort));
    }
    return portal(
        Optional.of(new Claim.NodePort(port.protocol(), port.nodePort())),
        rules,
        FlowFilter.toPort(words.family(), port.protocol(), port.nodePort()),
        externalEndpoints());
  }

  /** Where a load balancer asks; it must be let in whatever else the machine's firewall refuses. */
  Optional<RulePortal> healthCheck() {
    int healthCheck = service.external().healthCheckNodePort();
    if (healthCheck == 0) {
      return Optional.empty();
    }
    SharedRule rule =
        rule(
            KubeChains.HEALTH_CHECKS,
            Verdict.ACCEPT,
            Match.protocol(Match.Transport.TCP),
            words.comment("health check node port"),
            Match.destinationPort(Match.Transport.TCP, healthCheck));
    return Optional.of(
        new RulePortal(
            words.name(),
            service.created(),
            Optional.empty(),
            List.of(rule),
            Optional.empty(),
            new TreeSet<>()));
  }

  /** Endpoints elsewhere must not be given away by refusing; without any, refusing is quicker. */
  private Target unserved() {
    return traffic.hasEndpoints() ? Verdict.DROP : Target.rejectPortUnreachable(words.toolFamily());
  }

  private String whyUnserved() {
    return traffic.hasEndpoints() ? "has no local endpoints" : "has no endpoints";
  }

  /** Those that anybody reaches that way: with a local policy, pods reach the others too. */
  private Collection<PortEndpoint> externalEndpoints() {
    return traffic.externalLocal()
        ? Stream.concat(traffic.local().stream(), traffic.cluster().stream()).toList()
        : traffic.cluster();
  }

  private Optional<Claim> claim(IpAddress address) {
    return Optional.of(
        new Claim.Address(new ServiceKey.Address(port.protocol(), address, port.port())));
  }

  private SharedRule to(ChainKey chain, Target target, IpAddress address, String comment) {
    return rule(
        chain,
        target,
        PortWords.to(address),
        words.protocol(),
        words.comment(comment),
        words.port(port.port()));
  }

  private static SharedRule rule(ChainKey chain, Target target, Match... matches) {
    return new SharedRule(chain, Rule.of(target, matches));
  }

  private RulePortal portal(
      Optional<Claim> claim,
      List<SharedRule> rules,
      FlowFilter flows,
      Collection<PortEndpoint> endpoints) {
    boolean connected = port.protocol().equals(Protocol.TCP);
    SortedSet<ServerKey> servers = new TreeSet<>();
    if (!connected) {
      endpoints.forEach(endpoint -> servers.add(endpoint.key()));
    }
    return new RulePortal(
        words.name(),
        service.created(),
        claim,
        rules,
        connected ? Optional.empty() : Optional.of(flows),
        servers);
  }
}
