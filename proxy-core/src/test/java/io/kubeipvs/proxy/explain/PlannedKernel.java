package io.kubeipvs.proxy.explain;

import io.kubeipvs.ipset.ObservedSet;
import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetHeader;
import io.kubeipvs.ipset.SetSpec;
import io.kubeipvs.iptables.MalformedSaveException;
import io.kubeipvs.iptables.RuleSet;
import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.iptables.Table;
import io.kubeipvs.ipvs.IpvsConnection;
import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.Statistics;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.conntrack.Flow;
import io.kubeipvs.netlink.route.Link;
import io.kubeipvs.netlink.route.LinkAddress;
import io.kubeipvs.netlink.route.Route;
import io.kubeipvs.netlink.route.RoutingRule;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.inspect.Cluster;
import io.kubeipvs.proxy.inspect.Listener;
import io.kubeipvs.proxy.inspect.RecentClient;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.NodeAddresses;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.plan.DetectLocal;
import io.kubeipvs.proxy.plan.PlanContext;
import io.kubeipvs.proxy.plan.PlanSettings;
import io.kubeipvs.proxy.plan.PlannedService;
import io.kubeipvs.proxy.plan.RuleSettings;
import io.kubeipvs.proxy.plan.SetMember;
import io.kubeipvs.proxy.plan.iptables.IptablesPlanner;
import io.kubeipvs.proxy.plan.iptables.IptablesSettings;
import io.kubeipvs.proxy.plan.ipvs.KubeSets;
import io.kubeipvs.proxy.plan.ipvs.Planner;
import io.kubeipvs.proxy.plan.ipvs.RulePlanner;
import io.kubeipvs.proxy.source.Manifest;
import io.kubeipvs.proxy.source.ManifestReader;
import io.kubeipvs.proxy.state.DesiredState;
import io.kubeipvs.proxy.state.Footprint;
import io.kubeipvs.proxy.state.IptablesState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The kernel of node1 as it is when all that was planned for some manifests is in it.
 *
 * <pre>
 *  node1 10.0.2.15, fd00:10::15 on eth0, pods 10.244.0.5 ... behind devices of their own
 *  node2 and its pods 10.244.1.5 ..., and everybody else, by eth0
 * </pre>
 */
final class PlannedKernel {
  static final IpAddress NODE = IpAddress.of("10.0.2.15");
  static final IpAddress NODE_V6 = IpAddress.of("fd00:10::15");
  static final IpAddress POD = IpAddress.of("10.244.0.9");
  static final IpAddress POD_V6 = IpAddress.of("fd00:10:244::9");
  static final IpAddress OUTSIDE = IpAddress.of("192.0.2.10");
  static final IpAddress OUTSIDE_V6 = IpAddress.of("2001:db8::10");

  static final PlanContext CONTEXT =
      new PlanContext(
          new NodeInfo("node1", List.of(NODE, NODE_V6), "", List.of()),
          NodeAddresses.choose(List.of(NODE, NODE_V6), List.of()),
          PlanSettings.DEFAULT);

  private static final RuleSettings SETTINGS =
      new RuleSettings(
          false,
          14,
          new DetectLocal.Ranges(
              List.of(IpPrefix.of("10.244.0.0/16"), IpPrefix.of("fd00:10:244::/48"))),
          true);

  private final List<Link> links = new ArrayList<>();
  private final List<LinkAddress> addresses = new ArrayList<>();
  private final Map<AddressFamily, List<Route>> routes = new EnumMap<>(AddressFamily.class);
  private final Map<AddressFamily, List<RoutingRule>> routingRules =
      new EnumMap<>(AddressFamily.class);
  private final Map<AddressFamily, SavedRules> rules = new EnumMap<>(AddressFamily.class);
  private final Map<String, ObservedSet> sets = new TreeMap<>();
  private final List<BalancedService> services = new ArrayList<>();
  private final List<IpvsConnection> connections = new ArrayList<>();
  private final List<Flow> flows = new ArrayList<>();
  private final Map<String, String> sysctls = new HashMap<>();
  private final DesiredState desired = new DesiredState();
  private Cluster cluster =
      new Cluster("test", "node1", Optional.empty(), List.of(), List.of(), List.of());
  private Optional<List<RecentClient>> recentClients = Optional.empty();
  private Optional<HostSockets> sockets = Optional.of(new HostSockets(Set.of()));

  PlannedKernel() {
    for (AddressFamily family : AddressFamily.values()) {
      routes.put(family, new ArrayList<>());
      rules.put(family, SavedRules.NONE);
    }
    sysctls.put("net/ipv4/ip_forward", "1");
    sysctls.put("net/ipv6/conf/all/forwarding", "1");
    sysctls.put("net/ipv4/vs/conntrack", "1");
    links.add(new Link(1, "lo", "", true));
    links.add(new Link(2, "eth0", "veth", true));
    local("127.0.0.0/8");
    local("::1/128");
    address(2, NODE, 24);
    address(2, NODE_V6, 64);
    route("0.0.0.0/0", "10.0.2.1", 2);
    route("::/0", "fe80::1", 2);
    for (int number = 5; number < 10; number++) {
      pod(number);
    }
  }

  private void pod(int number) {
    int index = links.size() + 1;
    links.add(new Link(index, "vethpod" + number, "veth", true));
    route("10.244.0." + number + "/32", "", index);
    route("fd00:10:244::" + number + "/128", "", index);
  }

  private void address(int link, IpAddress address, int length) {
    addresses.add(new LinkAddress(link, address, length));
    local(IpPrefix.host(address).toString());
  }

  void local(String prefix) {
    add(prefix, Route.TABLE_LOCAL, Route.Type.LOCAL, "", 1);
  }

  void route(String prefix, String gateway, int link) {
    add(prefix, Route.TABLE_MAIN, Route.Type.UNICAST, gateway, link);
  }

  /** A route of a table of its own, and who looks there. */
  PlannedKernel route(RoutingRule rule, String prefix, String gateway, int link) {
    add(prefix, rule.table(), Route.Type.UNICAST, gateway, link);
    return rule(IpPrefix.of(prefix).family(), rule);
  }

  /** The first takes the place of the kernel's own three. */
  PlannedKernel rule(AddressFamily family, RoutingRule rule) {
    routingRules.computeIfAbsent(family, any -> new ArrayList<>()).add(rule);
    return this;
  }

  private void add(String prefix, int table, Route.Type type, String gateway, int link) {
    IpPrefix destination = IpPrefix.of(prefix);
    boolean vip = type.equals(Route.Type.LOCAL) && !destination.network().isLoopback();
    IpAddress own = destination.family() == AddressFamily.IPV4 ? NODE : NODE_V6;
    Objects.requireNonNull(routes.get(destination.family()))
        .add(
            new Route(
                table,
                type,
                destination,
                IpAddress.parse(gateway),
                vip ? Optional.of(own) : Optional.empty(),
                link,
                0,
                2));
  }

  PlannedKernel sysctl(String path, int value) {
    sysctls.put(path, Integer.toString(value));
    return this;
  }

  PlannedKernel listening(Protocol protocol, IpAddress address, int port) {
    sockets = Optional.of(new HostSockets(Set.of(new Listener(protocol, address, port))));
    return this;
  }

  PlannedKernel connection(IpvsConnection connection) {
    connections.add(connection);
    return this;
  }

  PlannedKernel flow(Flow flow) {
    flows.add(flow);
    return this;
  }

  /** The name of the chain that leads to that endpoint, as the rules have it. */
  String endpointChain(String port, String address, int endpointPort) {
    String translation = "--to-destination " + address + ":" + endpointPort;
    return Objects.requireNonNull(rules.get(IpAddress.of(address).family()))
        .table(Table.NAT)
        .chains()
        .values()
        .stream()
        .filter(chain -> chain.rules().stream().anyMatch(rule -> rule.endsWith(translation)))
        .filter(chain -> chain.rules().get(0).contains("\"" + port + "\""))
        .findFirst()
        .orElseThrow()
        .name();
  }

  /** The lists of rules were read, and hold these. */
  PlannedKernel remembering(RecentClient... clients) {
    recentClients = Optional.of(List.of(clients));
    return this;
  }

  PlannedKernel rules(AddressFamily family, String save) {
    try {
      rules.put(family, SavedRules.parse(save));
      return this;
    } catch (MalformedSaveException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** In IPVS mode. */
  static PlannedKernel balancing(String... manifests) {
    PlannedKernel kernel = new PlannedKernel();
    kernel.plan(read(manifests));
    kernel.fill(kernel.desired);
    for (AddressFamily family : AddressFamily.values()) {
      RuleSet wanted = RulePlanner.plan(family, SETTINGS);
      kernel.rules.put(family, SavedRules.of(wanted));
    }
    return kernel;
  }

  /** In iptables mode. */
  static PlannedKernel withRulesAlone(String... manifests) {
    PlannedKernel kernel = new PlannedKernel();
    Manifest read = read(manifests);
    kernel.plan(read);
    IptablesSettings settings = new IptablesSettings(SETTINGS, true, true, List.of());
    for (AddressFamily family : AddressFamily.values()) {
      IptablesState state = new IptablesState(IptablesPlanner.constants(family, CONTEXT, settings));
      state.fill(
          read.services().stream()
              .map(s -> IptablesPlanner.plan(s, family, slices(read, s), CONTEXT, settings))
              .toList());
      kernel.rules.put(family, SavedRules.of(state.wanted()));
    }
    return kernel;
  }

  private void plan(Manifest read) {
    for (Service service : read.services()) {
      desired.put(Planner.plan(service, slices(read, service), CONTEXT));
    }
    cluster =
        new Cluster("test", "node1", Optional.empty(), read.services(), read.slices(), List.of());
  }

  private static Manifest read(String... manifests) {
    String text = String.join("\n---\n", manifests);
    Manifest read = ManifestReader.read("test", text.getBytes(StandardCharsets.UTF_8));
    if (!read.problems().isEmpty()) {
      throw new IllegalArgumentException(read.problems().toString());
    }
    return read;
  }

  private static List<EndpointSlice> slices(Manifest manifest, Service service) {
    return manifest.slices().stream().filter(s -> s.service().equals(service.name())).toList();
  }

  private void fill(DesiredState desired) {
    Footprint all = desired.footprint();
    for (ServiceKey key : all.services()) {
      List<ObservedServer> servers = new ArrayList<>();
      PlannedService planned = Objects.requireNonNull(desired.service(key));
      planned.servers().values().forEach(server -> servers.add(idle(server)));
      services.add(new BalancedService(planned.service(), servers));
    }
    all.vips().forEach(vip -> local(IpPrefix.host(vip).toString()));
    for (SetSpec spec : KubeSets.ALL.values()) {
      List<SetEntry> entries =
          all.members().stream()
              .filter(member -> member.set().equals(spec.name()))
              .map(SetMember::entry)
              .toList();
      sets.put(spec.name().value(), ObservedSet.of(header(spec), entries));
    }
  }

  static ObservedServer idle(RealServer server) {
    return new ObservedServer(server, 0, 0, 0, Statistics.ZERO);
  }

  private static SetHeader header(SetSpec spec) {
    return new SetHeader(
        spec.name(), spec.type().typeName(), 5, spec.family(), 65536, 0, 65535, 0, -1, 1, 0);
  }

  Facts facts() {
    return new Facts(
        links,
        addresses,
        routes,
        routingRules,
        rules,
        sets,
        services,
        connections,
        flows,
        sysctls,
        sockets,
        recentClients,
        List.of());
  }

  /** With what the cluster asks for, and a sync that would do that. */
  Explain explain(List<Operation> due) {
    return new Explain(facts(), Optional.of(cluster), "", Optional.of(desired), due);
  }

  Explain explainWithoutCluster() {
    return new Explain(facts(), Optional.empty(), "no daemon", Optional.empty(), List.of());
  }

  // Questions.

  /** What comes of it, one line for each end: {@code 50% 10.244.0.5:8080 as 10.0.2.15}. */
  List<String> ask(IpAddress client, String destination, int port) {
    return ask(Optional.of(client), 0, destination, port, Protocol.TCP);
  }

  List<String> ask(IpAddress client, String destination, int port, Protocol protocol) {
    return ask(Optional.of(client), 0, destination, port, protocol);
  }

  List<String> askFromNode(String destination, int port) {
    return ask(Optional.empty(), 0, destination, port, Protocol.TCP);
  }

  List<String> ask(
      Optional<IpAddress> client, int clientPort, String destination, int port, Protocol protocol) {
    Question question =
        new Question(client, clientPort, "", IpAddress.of(destination), port, protocol);
    return new Explainer(facts())
        .walk(question).outcomes().stream().map(PlannedKernel::line).sorted().toList();
  }

  private static String line(Outcome outcome) {
    String end = end(outcome);
    String share = outcome.share() > 0.999 ? "" : Math.round(outcome.share() * 100) + "% ";
    return share + end + (outcome.isCertain() ? "" : " ?");
  }

  private static String end(Outcome outcome) {
    Fate fate = outcome.fate();
    if (fate instanceof Fate.Delivered to) {
      String seenAs = outcome.seenAs().map(Object::toString).orElse("?");
      return to.server().withPort(to.port())
          + (to.local() ? " here" : "")
          + (outcome.masquerade().isPresent() ? " masqueraded as " : " sees ")
          + seenAs;
    }
    if (fate instanceof Fate.Refused refused) {
      return refused.answer();
    }
    if (fate instanceof Fate.Dropped) {
      return "dropped";
    }
    if (fate instanceof Fate.HostSocket) {
      return "host";
    }
    return fate instanceof Fate.Forwarded forwarded
        ? "forwarded by " + forwarded.device()
        : "unknown";
  }
}
