package io.kubeipvs.proxy.explain;

import io.kubeipvs.net.AddressFamily;
import java.util.Optional;

/** What the kernel's settings refuse before any rule could. */
final class Martians {
  private final Facts facts;
  private final Router router;

  Martians(Facts facts, Router router) {
    this.facts = facts;
    this.router = router;
  }

  /** The way's end, if it ends here. */
  Optional<Branch> refused(Branch branch) {
    Packet packet = branch.packet();
    if (packet.destination().isLoopback() && !allowsLoopback(packet)) {
      return Optional.of(
          dropped(branch, "nobody else reaches loopback", "net.ipv4.conf.all.route_localnet = 0"));
    }
    if (router.isLocal(packet.source())) {
      String why = packet.source() + " is an address of this host, and cannot come from outside";
      return Optional.of(dropped(branch, why, ""));
    }
    return reversePath(branch);
  }

  private boolean allowsLoopback(Packet packet) {
    return packet.family() == AddressFamily.IPV4
        && (isOn("net/ipv4/conf/all/route_localnet")
            || isOn("net/ipv4/conf/" + packet.in() + "/route_localnet"));
  }

  /** {@code rp_filter}: the larger of both settings counts. */
  private Optional<Branch> reversePath(Branch branch) {
    Packet packet = branch.packet();
    int all = facts.sysctl("net/ipv4/conf/all/rp_filter").orElse(0);
    int own = facts.sysctl("net/ipv4/conf/" + packet.in() + "/rp_filter").orElse(0);
    if (packet.family() == AddressFamily.IPV6 || Math.max(all, own) != 1) {
      return Optional.empty();
    }
    Router.Found back =
        router.find(packet.source(), Optional.of(packet.destination()), packet.mark(), "");
    String device = back.route().map(router::device).orElse("");
    return device.equals(packet.in())
        ? Optional.empty()
        : Optional.of(
            dropped(
                branch,
                packet.source() + " is not reached by " + packet.in() + ", where it came from",
                "net.ipv4.conf." + packet.in() + ".rp_filter = 1"));
  }

  /** Of what is for others: nothing goes on where the kernel does not forward. */
  Optional<Branch> notForwarded(Branch branch) {
    Packet packet = branch.packet();
    String path =
        packet.family() == AddressFamily.IPV4
            ? "net/ipv4/ip_forward"
            : "net/ipv6/conf/all/forwarding";
    return facts.sysctl(path).orElse(1) != 0
        ? Optional.empty()
        : Optional.of(
            dropped(branch, "this host forwards nothing", path.replace('/', '.') + " = 0"));
  }

  private boolean isOn(String path) {
    return facts.sysctl(path).orElse(0) != 0;
  }

  private static Branch dropped(Branch branch, String why, String evidence) {
    String by = evidence.isEmpty() ? why : evidence + ": " + why;
    return branch.step("kernel", why, evidence).ending(new Fate.Dropped(by));
  }
}
