package io.kubeipvs.proxy.explain;

import io.kubeipvs.ipvs.IpvsConnection;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.conntrack.Flow;
import io.kubeipvs.netlink.route.Route;
import java.util.List;
import java.util.Optional;

/** Answers questions about one kernel. */
final class Explainer {
  private final Facts facts;
  private final Router router;
  private final PacketWalk walk;
  private final Outcomes outcomes;

  Explainer(Facts facts) {
    this.facts = facts;
    this.walk = new PacketWalk(facts);
    this.router = walk.router();
    this.outcomes = new Outcomes(new ReplyPath(facts, router));
  }

  /**
   * What comes of it.
   *
   * @param packet as it sets out
   */
  record Walked(Packet packet, List<Outcome> outcomes) {}

  Walked walk(Question question) {
    boolean fromHere = question.client().map(router::isLocal).orElse(true);
    Packet packet = fromHere ? leaving(question) : arriving(question);
    List<Branch> ways = fromHere ? walk.leaving(packet) : walk.arriving(packet);
    return new Walked(packet, outcomes.of(ways));
  }

  private Packet leaving(Question question) {
    IpAddress source = question.client().orElseGet(() -> chosenSource(question.destination()));
    return Packet.of(
        question.protocol(),
        source,
        question.clientPort(),
        question.destination(),
        question.port());
  }

  private Packet arriving(Question question) {
    IpAddress client = question.client().orElseThrow();
    Packet packet =
        Packet.of(
            question.protocol(),
            client,
            question.clientPort(),
            question.destination(),
            question.port());
    String device = question.device().isEmpty() ? deviceTo(client) : question.device();
    return packet.by(device, "");
  }

  /** Who came in by one device is answered by it, as long as nobody says otherwise. */
  private String deviceTo(IpAddress client) {
    return router.find(client, Optional.empty(), 0, "").route().map(router::device).orElse("");
  }

  /** The route's own; the destination itself, if that is here; an address of the device. */
  private IpAddress chosenSource(IpAddress destination) {
    Optional<Route> route = router.find(destination, Optional.empty(), 0, "").route();
    if (route.isEmpty()) {
      return IpAddress.any(destination.family());
    }
    if (route.get().source().isPresent()) {
      return route.get().source().get();
    }
    if (route.get().type().equals(Route.Type.LOCAL)) {
      return destination;
    }
    IpAddress next = route.get().gateway().orElse(destination);
    return new MasqueradeAddress(facts)
        .choose(router.device(route.get()), destination, next)
        .orElse(IpAddress.any(destination.family()));
  }

  boolean isOwn(IpAddress address) {
    return router.isLocal(address);
  }

  /** Of the client, in IPVS, from whichever port. */
  List<IpvsConnection> connections(Packet packet) {
    return walk.balancer().connections(packet);
  }

  /** Of the client, as they are tracked, from whichever port. */
  List<Flow> flows(Packet packet) {
    return walk.tracked().flows(packet);
  }
}
