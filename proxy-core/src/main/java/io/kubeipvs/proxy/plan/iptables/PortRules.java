package io.kubeipvs.proxy.plan.iptables;

import io.kubeipvs.iptables.ChainKey;
import io.kubeipvs.iptables.Match;
import io.kubeipvs.iptables.Rule;
import io.kubeipvs.iptables.Table;
import io.kubeipvs.iptables.Target;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServicePort;
import io.kubeipvs.proxy.plan.PlanContext;
import io.kubeipvs.proxy.plan.PortEndpoint;
import io.kubeipvs.proxy.plan.RuleSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The chains of one port of a Service, in one family. Used once. */
final class PortRules {
  private static final Target MARK_MASQUERADE =
      Target.jumpTo(KubeChains.MARK_MASQUERADE.name().value());

  private final Service service;
  private final ServicePort port;
  private final PortTraffic traffic;
  private final PortWords words;
  private final PortChains names;
  private final PlanContext context;
  private final RuleSettings settings;
  private final Map<ChainKey, List<Rule>> chains = new TreeMap<>();

  PortRules(
      Service service,
      ServicePort port,
      PortTraffic traffic,
      PortWords words,
      PlanContext context,
      RuleSettings settings) {
    this.service = service;
    this.port = port;
    this.traffic = traffic;
    this.words = words;
    this.names = new PortChains(words.name());
    this.context = context;
    this.settings = settings;
  }

  Map<ChainKey, List<Rule>> chains() {
    if (traffic.usesCluster()) {
      put(names.cluster(), policy(!traffic.internalLocal(), traffic.cluster()));
    }
    if (traffic.usesLocal()) {
      put(names.local(), policy(traffic.internalLocal(), traffic.local()));
    }
    if (traffic.hasExternalChain()) {
      put(names.external(), external());
    }
    if (isRestricted()) {
      put(names.firewall(), firewall());
    }
    return chains;
  }

  private void put(String name, List<Rule> rules) {
    chains.put(ChainKey.of(Table.NAT, name), rules);
  }

  /** Load balancer IPs that only some clients may reach. */
  boolean isRestricted() {
    return traffic.hasExternalChain()
        && !loadBalancerIps().isEmpty()
        && service.external().sourceRanges().restrict(words.family());
  }

  private List<IpAddress> loadBalancerIps() {
    return service.external().loadBalancerIps().stream()
        .filter(address -> address.family() == words.family())
        .toList();
  }

  /**
   * One endpoint by chance; who was sent to one before goes there again, if the Service wants that.
   *
   * @param internal whether cluster IPs lead here
   */
  private List<Rule> policy(boolean internal, List<PortEndpoint> endpoints) {
    List<Rule> rules = new ArrayList<>();
    if (internal) {
      rules.addAll(markClusterIps());
    }
    service
        .affinityTimeout()
        .ifPresent(timeout -> endpoints.forEach(each -> rules.add(again(each.key(), timeout))));
    for (int i = 0; i < endpoints.size(); i++) {
      ServerKey endpoint = endpoints.get(i).key();
      rules.add(choose(endpoint, endpoints.size() - i));
      put(names.endpoint(endpoint), translate(endpoint));
    }
    return rules;
  }

  /** Who comes from outside the pods would be answered without the way back through this node. */
  private List<Rule> markClusterIps() {
    if (settings.masqueradeAll()) {
      return clusterIps().stream().map(ip -> markClusterIp(ip)).toList();
    }
    Optional<Match> notFromPods = settings.detectLocal().notFromPods(words.family());
    return notFromPods.stream()
        .flatMap(match -> clusterIps().stream().map(ip -> markClusterIp(ip, match)))
        .toList();
  }

  private List<IpAddress> clusterIps() {
    return service.clusterIps().stream().filter(ip -> ip.family() == words.family()).toList();
  }

  private Rule markClusterIp(IpAddress clusterIp, Match... more) {
    List<Match> matches = new ArrayList<>(List.of(more));
    matches.addAll(
        List.of(
            PortWords.to(clusterIp),
            words.protocol(),
            words.comment("cluster IP"),
            words.port(port.port())));
    return new Rule(matches, Optional.of(MARK_MASQUERADE));
  }

  private Rule again(ServerKey endpoint, Duration timeout) {
    String chain = names.endpoint(endpoint);
    int seconds = Math.toIntExact(timeout.toSeconds());
    return Rule.of(
        Target.jumpTo(chain),
        words.comment("-> " + endpoint),
        Match.recentlySeen(words.toolFamily(), chain, seconds));
  }

  /** Of {@code left} endpoints each gets its share of what the rules before let pass. */
  private Rule choose(ServerKey endpoint, int left) {
    Target target = Target.jumpTo(names.endpoint(endpoint));
    Match comment = words.comment("-> " + endpoint);
    return left == 1 ? Rule.of(target, comment) : Rule.of(target, comment, Match.oneIn(left));
  }

  private List<Rule> translate(ServerKey endpoint) {
    List<Match> matches = new ArrayList<>(List.of(words.protocol(), words.comment()));
    if (service.affinityTimeout().isPresent()) {
      matches.add(Match.remember(words.toolFamily(), names.endpoint(endpoint)));
    }
    matches.add(Match.extension(words.transport()));
    Target target = Target.translateTo(endpoint.address().toString(), endpoint.port());
    return List.of(
        Rule.of(MARK_MASQUERADE, PortWords.from(endpoint.address()), words.comment()),
        new Rule(matches, Optional.of(target)));
  }

  /**
   * A local policy keeps the client's address, for that it must stay on this node. Pods and the
   * node itself are not bound by it: for them it is as if a load balancer had sent them back in.
   */
  private List<Rule> external() {
    List<Rule> rules = new ArrayList<>();
    if (!traffic.externalLocal()) {
      rules.add(Rule.of(MARK_MASQUERADE, outward("masquerade traffic for")));
      rules.add(Rule.of(Target.jumpTo(names.cluster())));
      return rules;
    }
    Target cluster = Target.jumpTo(names.cluster());
    settings
        .detectLocal()
        .fromPods(words.family())
        .ifPresent(pods -> rules.add(Rule.of(cluster, pods, outward("pod traffic for"))));
    Match local = Match.sourceIsLocal();
    rules.add(Rule.of(MARK_MASQUERADE, outward("masquerade LOCAL traffic for"), local));
    rules.add(Rule.of(cluster, outward("route LOCAL traffic for"), local));
    if (traffic.servesExternal()) {
      rules.add(Rule.of(Target.jumpTo(names.local())));
    }
    return rules;
  }

  private Match outward(String what) {
    return Match.comment(what + " " + words.name() + " external destinations");
  }

  /**
   * Who does not go on to {@link PortChains#external()} keeps the load balancer's IP as
   * destination, by which the filter table drops it.
   */
  private List<Rule> firewall() {
    List<Rule> rules = new ArrayList<>();
    List<IpPrefix> ranges = service.external().sourceRanges().of(words.family());
    ranges.forEach(range -> rules.add(allow(range.toString())));
    if (isOpenToThisNode(ranges)) {
      loadBalancerIps().forEach(ip -> rules.add(allow(ip.toString())));
    }
    rules.add(
        Rule.withoutTarget(
            Match.comment(
                "other traffic to "
                    + words.name()
                    + " will be dropped by "
                    + KubeChains.SOURCE_RANGES.name())));
    return rules;
  }

  private Rule allow(String source) {
    return Rule.of(
        Target.jumpTo(names.external()), Match.source(source), words.comment("loadbalancer IP"));
  }

  /** The node's own packets have the VIP as source where that is an address of the node. */
  private boolean isOpenToThisNode(List<IpPrefix> ranges) {
    return context
        .node()
        .address(words.family())
        .filter(own -> ranges.stream().anyMatch(range -> range.contains(own)))
        .isPresent();
  }
}
