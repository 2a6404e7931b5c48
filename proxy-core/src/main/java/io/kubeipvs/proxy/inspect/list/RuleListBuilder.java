package io.kubeipvs.proxy.inspect.list;

import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.proxy.inspect.Words;
import io.kubeipvs.proxy.inspect.list.ServiceList.Chosen;
import io.kubeipvs.proxy.inspect.list.ServiceList.Entrance;
import io.kubeipvs.proxy.inspect.list.ServiceList.Ruled;
import io.kubeipvs.proxy.inspect.list.ServiceList.Server;
import io.kubeipvs.proxy.inspect.rules.RuleTable;
import io.kubeipvs.proxy.inspect.rules.RuleTable.Choice;
import io.kubeipvs.proxy.inspect.rules.RuleTable.Place;
import io.kubeipvs.proxy.inspect.rules.RuleTable.Unserved;
import io.kubeipvs.proxy.inspect.rules.RuleTable.Way;
import io.kubeipvs.proxy.model.Endpoint;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServicePort;
import io.kubeipvs.proxy.plan.PlannedService;
import io.kubeipvs.proxy.plan.Portal;
import io.kubeipvs.proxy.state.Conflict;
import io.kubeipvs.proxy.state.DesiredState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** As {@link ListBuilder}, for iptables mode: beside what is asked for stand the kernel's rules. */
public final class RuleListBuilder {
  /** Rules are written with ten digits of a chance, and each is a part of what is left. */
  private static final double SAME_SHARE = 1e-4;

  private final Asked asked;
  private final RuleTable wanted;
  private final Optional<RuleTable> present;
  private final Set<Place> listed = new HashSet<>();

  /**
   * @param desired what IPVS mode would ask for: the same ways in
   * @param wanted the rules that should be there
   * @param present missing where the kernel's could not be read: then only what is asked for is
   *     shown
   */
  public RuleListBuilder(
      DesiredState desired,
      RuleTable wanted,
      Optional<RuleTable> present,
      Collection<EndpointSlice> slices,
      Collection<Conflict> conflicts,
      String nodeName) {
    this.asked = new Asked(desired, slices, conflicts, nodeName);
    this.wanted = wanted;
    this.present = present;
  }

  /** All entrances of these Services in order, and behind them what no Service asks for. */
  public List<Entrance> build(Collection<Service> services) {
    List<Entrance> entrances = new ArrayList<>();
    for (Service service : services) {
      asked.portals(service, (each, port, portal) -> add(each, port, portal, entrances));
      Asked.healthCheck(service).ifPresent(entrances::add);
    }
    present.stream()
        .flatMap(rules -> rules.ways().stream())
        .filter(way -> !listed.contains(way.place()))
        .sorted((a, b) -> a.place().compareTo(b.place()))
        .map(RuleListBuilder::unasked)
        .forEach(entrances::add);
    return entrances;
  }

  private void add(Service service, ServicePort port, Portal portal, List<Entrance> entrances) {
    portal
        .services()
        .forEach((key, planned) -> entrances.add(entrance(service, port, portal, planned)));
  }

  private Entrance entrance(
      Service service, ServicePort port, Portal portal, PlannedService planned) {
    ServiceKey.Address key = (ServiceKey.Address) planned.service().key();
    boolean inForce = asked.isInForce(portal);
    Place place = place(portal, key);
    Way want = inForce ? wanted.way(place).orElse(null) : null;
    Way have = inForce ? present.flatMap(rules -> rules.way(place)).orElse(null) : null;
    if (inForce) {
      listed.add(place);
    }
    return new Entrance(
        service.name().namespace(),
        service.name().name(),
        port.name(),
        Words.kind(portal.kind()),
        key.protocol(),
        Optional.of(key.address()),
        key.port(),
        Asked.policy(service, portal),
        "",
        planned.service().persistenceSeconds(),
        inForce ? state(want, have) : asked.lost(key, portal),
        Optional.empty(),
        ruled(have != null ? have : present.isPresent() ? null : want),
        servers(want, have, asked.endpoints(service, port, key.family())));
  }

  private static Place place(Portal portal, ServiceKey.Address key) {
    return portal.kind() == Portal.Kind.NODE_PORT
        ? Place.nodePort(key.family(), key.protocol(), key.port())
        : Place.of(key);
  }

  private static Optional<Ruled> ruled(@Nullable Way way) {
    return way == null ? Optional.empty() : Optional.of(Ruled.of(way.chain(), way.counted()));
  }

  private String state(@Nullable Way want, @Nullable Way have) {
    if (present.isPresent() && have == null) {
      return "missing in the kernel";
    }
    Way shown = have != null ? have : want;
    if (shown == null) {
      return "";
    }
    if (want != null && (!want.chain().equals(shown.chain()) || differs(want, shown))) {
      return "differs in the kernel: " + lead(shown);
    }
    return shown.choices().isEmpty() || shown.unserved() != Unserved.NO ? end(shown) : "";
  }

  private static boolean differs(Way want, Way have) {
    return want.unserved() != have.unserved();
  }

  private static String lead(Way way) {
    String chain = way.chain().isEmpty() ? "" : "leads to " + way.chain();
    return switch (way.unserved()) {
      case NO -> chain;
      case REFUSED -> chain.isEmpty() ? "refused" : chain + ", else refused";
      case DROPPED -> chain.isEmpty() ? "dropped" : chain + ", else dropped";
    };
  }

  private static String end(Way way) {
    return switch (way.unserved()) {
      case NO -> "leads to nobody";
      case REFUSED -> "no endpoint: refused";
      case DROPPED -> "no endpoint on this node: dropped";
    };
  }

  /** Those wanted, those the rules choose, and those that are not ready. */
  private List<Server> servers(
      @Nullable Way want, @Nullable Way have, Map<ServerKey, Endpoint> endpoints) {
    Map<ServerKey, Choice> wantedHere = choices(want);
    Map<ServerKey, Choice> presentHere = choices(have);
    Set<ServerKey> all = new TreeSet<>(wantedHere.keySet());
    all.addAll(presentHere.keySet());
    endpoints.forEach(
        (server, endpoint) -> {
          if (!endpoint.ready()) {
            all.add(server);
          }
        });
    List<Server> servers = new ArrayList<>();
    for (ServerKey key : all) {
      servers.add(server(key, wantedHere.get(key), presentHere.get(key), endpoints.get(key)));
    }
    return servers;
  }

  private static Map<ServerKey, Choice> choices(@Nullable Way way) {
    Map<ServerKey, Choice> choices = new TreeMap<>();
    if (way != null) {
      way.choices().forEach(choice -> choices.merge(choice.server(), choice, (a, b) -> a));
    }
    return choices;
  }

  private Server server(
      ServerKey key, @Nullable Choice want, @Nullable Choice have, @Nullable Endpoint endpoint) {
    Choice shown = have != null ? have : present.isPresent() ? null : want;
    return new Server(
        key.address(),
        key.port(),
        endpoint == null ? "" : endpoint.pod(),
        endpoint == null ? "" : endpoint.nodeName(),
        endpoint == null ? "" : endpoint.zone(),
        -1,
        state(want, have, endpoint),
        Optional.empty(),
        0,
        0,
        0,
        Optional.empty(),
        Optional.ofNullable(shown).map(c -> Chosen.of(c.chain(), c.share(), c.counted())));
  }

  private String state(@Nullable Choice want, @Nullable Choice have, @Nullable Endpoint endpoint) {
    if (want == null) {
      String why = endpoint == null ? "gone" : Words.condition(endpoint);
      return have == null ? why : "not wanted, " + why;
    }
    if (present.isPresent() && have == null) {
      return "missing in the kernel";
    }
    if (have != null && Math.abs(have.share() - want.share()) > SAME_SHARE) {
      return "share should be " + RuleListText.percent(want.share());
    }
    return endpoint == null || endpoint.ready() ? "" : Words.condition(endpoint);
  }

  /** Somebody else's, or what is left of a Service that is gone. */
  private static Entrance unasked(Way way) {
    List<Server> servers = new ArrayList<>();
    for (Choice choice : choices(way).values()) {
      servers.add(
          new Server(
              choice.server().address(),
              choice.server().port(),
              "",
              "",
              "",
              -1,
              "",
              Optional.empty(),
              0,
              0,
              0,
              Optional.empty(),
              Optional.of(Chosen.of(choice.chain(), choice.share(), choice.counted()))));
    }
    return new Entrance(
        "",
        "",
        "",
        "not asked for",
        way.place().protocol(),
        way.place().address(),
        way.place().port(),
        "",
        "",
        0,
        way.owner().isEmpty() ? "" : "left of " + way.owner(),
        Optional.empty(),
        Optional.of(Ruled.of(way.chain(), way.counted())),
        servers);
  }
}
