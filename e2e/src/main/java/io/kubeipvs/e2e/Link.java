package io.kubeipvs.e2e;

/**
 * A routed veth pair, as CNIs make it: no bridge, a host route at the router's end, and at the
 * host's end a gateway that exists only as a neighbour entry.
 *
 * <pre>
 *  host: eth0 HOST/32, default via 169.254.1.1  ---  router: vethHOST, route HOST/32
 * </pre>
 *
 * Neighbours are written down at both ends: nothing is asked, so nothing waits for an answer.
 */
final class Link {
  private static final String ROUTER_HARDWARE = "ee:ee:ee:ee:ee:ee"; // Calico's
  private static final String GATEWAY_V4 = "169.254.1.1";
  private static final String GATEWAY_V6 = "fe80::1";

  private Link() {}

  /** The router's device towards that host; names of devices have at most 15 characters. */
  static String device(String host) {
    return "veth" + host;
  }

  /** For pods and clients, whose addresses are theirs alone. */
  static void connect(Namespace host, Addresses addresses, Namespace router) {
    connect(host, addresses, router, "/32", "/128");
  }

  /** With prefix lengths as operators see them; no route is made of them. */
  static void connect(Namespace host, Addresses at, Namespace router, String v4, String v6) {
    String device = device(host.name());
    router.ip(
        "link add %s address %s type veth peer name eth0 address %s netns %s"
            .formatted(device, ROUTER_HARDWARE, at.hardware(), host.name()),
        "link set %s up".formatted(device));
    host.ip(
        "link set eth0 up",
        "address add %s%s dev eth0 noprefixroute".formatted(at.v4(), v4),
        "address add %s%s dev eth0 noprefixroute nodad".formatted(at.v6(), v6),
        "neigh replace %s lladdr %s dev eth0".formatted(GATEWAY_V4, ROUTER_HARDWARE),
        "neigh replace %s lladdr %s dev eth0".formatted(GATEWAY_V6, ROUTER_HARDWARE),
        "route add 0.0.0.0/0 via %s dev eth0 onlink src %s".formatted(GATEWAY_V4, at.v4()),
        "route add ::/0 via %s dev eth0 onlink src %s".formatted(GATEWAY_V6, at.v6()));
    router.ip(
        "neigh replace %s lladdr %s dev %s".formatted(at.v4(), at.hardware(), device),
        "neigh replace %s lladdr %s dev %s".formatted(at.v6(), at.hardware(), device),
        "route add %s/32 dev %s".formatted(at.v4(), device),
        "route add %s/128 dev %s".formatted(at.v6(), device));
  }
}
