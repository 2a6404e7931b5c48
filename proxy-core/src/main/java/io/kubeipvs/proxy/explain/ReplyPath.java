package io.kubeipvs.proxy.explain;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.route.Link;
import io.kubeipvs.netlink.route.Route;
import java.util.Optional;

/** Whether answers find the way back through this host, which has to translate them back. */
final class ReplyPath {
  private final Facts facts;
  private final Router router;

  ReplyPath(Facts facts, Router router) {
    this.facts = facts;
    this.router = router;
  }

  /** What may keep the answer from the client; empty where nothing does. */
  String caution(Fate fate, Packet packet) {
    if (!(fate instanceof Fate.Delivered server) || server.local()) {
      return "";
    }
    IpAddress seenAs = packet.source();
    if (router.isLocal(seenAs)) {
      return forwardsTo(packet);
    }
    Optional<Route> toServer = route(server.server());
    Optional<Route> toClient = route(seenAs);
    boolean serverHere = toServer.filter(this::isBehindThisHost).isPresent();
    if (!serverHere && toClient.filter(this::isBehindThisHost).isEmpty()) {
      return "the server is elsewhere and sees the client itself: its answer may go another way, and"
          + " be lost";
    }
    return onOneBridge(toServer, toClient)
        ? "client and server are on one bridge: the answer comes back through here only with"
            + " net.bridge.bridge-nf-call-iptables = 1"
        : forwardsTo(packet);
  }

  /** A masqueraded answer is forwarded too, once it is translated back. */
  private String forwardsTo(Packet packet) {
    if (router.isLocal(packet.tracking().originalSource())) {
      return "";
    }
    String path =
        packet.family() == AddressFamily.IPV4
            ? "net/ipv4/ip_forward"
            : "net/ipv6/conf/all/forwarding";
    return facts.sysctl(path).orElse(1) == 0
        ? path.replace('/', '.') + " = 0: the answer is not forwarded to the client"
        : "";
  }

  private boolean onOneBridge(Optional<Route> one, Optional<Route> other) {
    return one.isPresent()
        && other.isPresent()
        && one.get().linkIndex() == other.get().linkIndex()
        && isBridge(one.get())
        && facts.sysctl("net/bridge/bridge-nf-call-iptables").orElse(0) == 0;
  }

  private boolean isBridge(Route route) {
    return facts.link(route.linkIndex()).map(Link::kind).filter("bridge"::equals).isPresent();
  }

  /**
   * A route to one host alone, or to a bridge: how pods are reached that have no other neighbour.
   */
  private boolean isBehindThisHost(Route route) {
    boolean alone = route.destination().length() == route.destination().family().bits();
    return route.gateway().isEmpty() && (alone || isBridge(route));
  }

  private Optional<Route> route(IpAddress address) {
    return router.find(address, Optional.empty(), 0, "").route();
  }
}
