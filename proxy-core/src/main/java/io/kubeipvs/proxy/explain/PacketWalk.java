package io.kubeipvs.proxy.explain;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.route.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Takes a packet through the hooks of the kernel's packet filter, and what lies between them, in
 * the kernel's order ({@code linux/netfilter_ipv4.h}, {@code net/netfilter/ipvs/ip_vs_core.c}):
 *
 * <pre>
 *  from elsewhere                                      made here
 *  raw, mangle, nat PREROUTING                         route
 *  route ── not local ──► mangle, filter FORWARD       raw, mangle, nat OUTPUT, route again
 *    │                       │                         IPVS ── a virtual service's? ──► server
 *  mangle, filter INPUT      │                           │
 *  IPVS ── a virtual service's? ──► server             filter OUTPUT
 *    │                       │         │                 │
 *  nat INPUT                 │     raw, mangle, filter OUTPUT (once more, to the server)
 *    │                       ▼         ▼                 ▼
 *  a socket of the host     mangle, nat POSTROUTING
 * </pre>
 */
final class PacketWalk {
  private final Facts facts;
  private final Router router;
  private final Map<AddressFamily, Tables> tables;
  private final Targets targets;
  private final Balancing balancing;
  private final Tracked tracked;

  PacketWalk(Facts facts) {
    this.facts = facts;
    this.router = new Router(facts);
    this.tables = Tables.of(facts, new Conditions(facts, router));
    this.targets = new Targets(new MasqueradeAddress(facts), router);
    this.balancing = new Balancing(facts);
    this.tracked = new Tracked(facts.flows());
  }

  Router router() {
    return router;
  }

  Balancer balancer() {
    return balancing.balancer();
  }

  Tracked tracked() {
    return tracked;
  }

  /** A packet that came in by the device it names. */
  List<Branch> arriving(Packet packet) {
    List<Branch> ways = List.of(Branch.of(tracked.apply(packet)));
    ways = table(ways, "raw", "PREROUTING");
    ways = table(ways, "mangle", "PREROUTING");
    ways = nat(ways, "PREROUTING");
    ways = each(ways, this::routed);
    return each(ways, this::inward);
  }

  /** A packet that a process of this host sends. */
  List<Branch> leaving(Packet packet) {
    List<Branch> ways = each(List.of(Branch.of(tracked.apply(packet))), this::routedOut);
    ways = table(ways, "raw", "OUTPUT");
    ways = mangledOut(ways);
    ways = nat(ways, "OUTPUT");
    ways = each(ways, this::routedAgain);
    ways = each(ways, balancing::offered);
    return each(ways, branch -> isBalanced(branch) ? toServer(branch) : outward(branch));
  }

  private static boolean isBalanced(Branch branch) {
    return branch.packet().virtual().isPresent();
  }

  // Where it goes.

  private List<Branch> routed(Branch branch) {
    Optional<Branch> strange = new Martians(facts, router).refused(branch);
    return strange.isPresent() ? List.of(strange.get()) : List.of(route(branch));
  }

  private Branch route(Branch branch) {
    return route(branch, router.find(branch.packet()));
  }

  /** The route's device is that it leaves by; a local one leads to no device. */
  private Branch route(Branch branch, Router.Found found) {
    Branch doubted = found.doubt().isEmpty() ? branch : branch.doubting(found.doubt());
    if (found.route().isEmpty()) {
      String to = "no route to " + branch.packet().destination();
      return doubted.step("route", to, "").ending(new Fate.Refused("ICMP host unreachable", to));
    }
    Route route = found.route().get();
    String text = router.text(route);
    Optional<Fate> end = end(route, text);
    if (end.isPresent()) {
      return doubted.step("route", "not to be reached", text).ending(end.get());
    }
    boolean local = found.isLocal();
    Packet packet = branch.packet();
    Packet towards = packet.by(packet.in(), local ? "" : router.device(route));
    String what = local ? "for this host" : "leaves by " + router.device(route);
    return doubted.routed(towards, route).step("route", what, text);
  }

  private static Optional<Fate> end(Route route, String text) {
    Route.Type type = route.type();
    if (type.equals(Route.Type.UNREACHABLE)) {
      return Optional.of(new Fate.Refused("ICMP host unreachable", text));
    }
    if (type.equals(Route.Type.PROHIBIT)) {
      return Optional.of(new Fate.Refused("ICMP communication prohibited", text));
    }
    boolean silent =
        type.equals(Route.Type.BLACKHOLE)
            || type.equals(Route.Type.BROADCAST)
            || type.equals(Route.Type.MULTICAST);
    return silent ? Optional.of(new Fate.Dropped(text)) : Optional.empty();
  }

  private List<Branch> routedOut(Branch branch) {
    Branch routed = route(branch);
    return List.of(routed.isOver() ? routed : overLoopback(routed));
  }

  /** What goes to the host itself leaves by {@code lo}, and comes in by it. */
  private static Branch overLoopback(Branch branch) {
    Packet packet = branch.packet();
    return packet.out().isEmpty() ? branch.with(packet.by("", "lo")) : branch;
  }

  /**
   * A rule of mangle that changes the mark has the packet routed again, by its source and its mark,
   * and as if it were made here ({@code ip_route_me_harder}).
   */
  private List<Branch> mangledOut(List<Branch> ways) {
    return each(
        ways,
        before ->
            each(
                table(List.of(before), "mangle", "OUTPUT"),
                after ->
                    after.packet().mark() == before.packet().mark()
                        ? List.of(after)
                        : List.of(routedByMark(after))));
  }

  private Branch routedByMark(Branch branch) {
    Packet packet = branch.packet();
    Branch routed =
        route(
            branch,
            router.find(packet.destination(), Optional.of(packet.source()), packet.mark(), ""));
    return routed.isOver() ? routed : overLoopback(routed);
  }

  private List<Branch> routedAgain(Branch branch) {
    boolean moved =
        !branch.packet().destination().equals(branch.packet().tracking().originalDestination());
    return moved ? routedOut(branch) : List.of(branch);
  }

  // What is for this host.

  private List<Branch> inward(Branch branch) {
    if (!branch.packet().out().isEmpty()) {
      return forwarded(branch);
    }
    List<Branch> ways = table(List.of(branch), "mangle", "INPUT");
    ways = table(ways, "filter", "INPUT");
    ways = table(ways, "security", "INPUT");
    ways = each(ways, balancing::offered);
    return each(ways, way -> isBalanced(way) ? toServer(way) : toSocket(way));
  }

  private List<Branch> toSocket(Branch branch) {
    return each(nat(List.of(branch), "INPUT"), way -> List.of(socket(way)));
  }

  private Branch socket(Branch branch) {
    Packet packet = branch.packet();
    IpAddress address = packet.destination();
    if (isBalanced(branch) || packet.tracking().dnat()) {
      return branch.ending(new Fate.Delivered(address, packet.port(), true));
    }
    return new Sockets(facts).found(branch, address);
  }

  // What IPVS has translated.

  private List<Branch> toServer(Branch branch) {
    Branch routed = routeToServer(branch);
    if (routed.isOver()) {
      return List.of(routed);
    }
    if (routed.packet().out().isEmpty()) {
      return branch.packet().in().isEmpty() ? outward(overLoopback(routed)) : toSocket(routed);
    }
    List<Branch> ways = table(List.of(routed), "raw", "OUTPUT");
    ways = mangledOut(ways);
    ways = table(ways, "filter", "OUTPUT");
    return each(ways, this::posted);
  }

  /**
   * IPVS asks for the way to the server, and tells nothing of the packet: neither its source, nor
   * its mark, nor where it came in ({@code do_output_route4} and {@code __ip_vs_route_output_v6} in
   * {@code net/netfilter/ipvs/ip_vs_xmit.c}).
   */
  private Branch routeToServer(Branch branch) {
    return route(branch, router.find(branch.packet().destination(), Optional.empty(), 0, ""));
  }

  // What leaves.

  private List<Branch> outward(Branch branch) {
    List<Branch> ways = table(List.of(branch), "filter", "OUTPUT");
    ways = table(ways, "security", "OUTPUT");
    return each(ways, this::posted);
  }

  private List<Branch> forwarded(Branch branch) {
    Optional<Branch> still = new Martians(facts, router).notForwarded(branch);
    if (still.isPresent()) {
      return List.of(still.get());
    }
    List<Branch> ways = table(List.of(branch), "mangle", "FORWARD");
    ways = table(ways, "filter", "FORWARD");
    ways = table(ways, "security", "FORWARD");
    return each(ways, this::posted);
  }

  private List<Branch> posted(Branch branch) {
    List<Branch> ways = table(List.of(branch), "mangle", "POSTROUTING");
    ways = natOut(ways);
    return each(ways, this::gone);
  }

  /** Without connection tracking of IPVS' connections no rule of nat sees them. */
  private List<Branch> natOut(List<Branch> ways) {
    return each(
        ways,
        branch ->
            isBalanced(branch) && facts.sysctl("net/ipv4/vs/conntrack").orElse(1) == 0
                ? List.of(
                    branch.step(
                        "IPVS", "no rule of nat POSTROUTING sees it", "net.ipv4.vs.conntrack = 0"))
                : nat(List.of(branch), "POSTROUTING"));
  }

  private List<Branch> gone(Branch branch) {
    Packet packet = branch.packet();
    if (packet.out().equals("lo")) {
      return loopedBack(branch);
    }
    if (packet.source().equals(packet.destination())) {
      String why = "the server is the client itself, and takes nothing that seems to be its own";
      return List.of(branch.step("server", why, "").ending(new Fate.Dropped(why)));
    }
    Fate fate =
        isBalanced(branch) || packet.tracking().dnat()
            ? new Fate.Delivered(packet.destination(), packet.port(), false)
            : new Fate.Forwarded(packet.destination(), packet.port(), packet.out());
    return List.of(branch.ending(fate));
  }

  /** Translation is over for it; everything else sees it once more. */
  private List<Branch> loopedBack(Branch branch) {
    Packet inside = branch.packet().by("lo", "");
    List<Branch> ways = table(List.of(branch.with(inside)), "raw", "PREROUTING");
    ways = table(ways, "mangle", "PREROUTING");
    ways = table(ways, "mangle", "INPUT");
    ways = table(ways, "filter", "INPUT");
    ways = table(ways, "security", "INPUT");
    return each(ways, way -> List.of(socket(way)));
  }

  // Tables.

  /**
   * Only the first packet of a flow sees the rules; what they said is remembered for the others.
   */
  private List<Branch> nat(List<Branch> ways, String hook) {
    return each(
        ways,
        branch ->
            switch (branch.packet().tracking().state()) {
              case NEW -> table(List.of(branch), "nat", hook);
              case UNTRACKED -> List.of(branch);
              case ESTABLISHED -> List.of(remembered(branch, hook));
            });
  }

  private Branch remembered(Branch branch, String hook) {
    if (hook.equals("POSTROUTING") || hook.equals("INPUT")) {
      return tracked.fromSource(branch);
    }
    boolean balanced =
        balancing.balancer().connection(branch.packet()).isPresent()
            || balancing.balancer().service(branch.packet()).isPresent();
    return balanced ? branch : tracked.toDestination(branch);
  }

  private List<Branch> table(List<Branch> ways, String table, String hook) {
    return each(
        ways,
        branch -> {
          Tables own = tables.get(branch.packet().family());
          if (own == null) {
            return List.of(branch.doubting("the rules could not be read"));
          }
          Branch start = own.blindness(table).map(branch::doubting).orElse(branch);
          return new TableWalk(own, table, targets).through(hook, start);
        });
  }

  private static List<Branch> each(List<Branch> ways, Function<Branch, List<Branch>> next) {
    return ways.stream()
        .flatMap(way -> way.isOver() ? Stream.of(way) : next.apply(way).stream())
        .toList();
  }
}
