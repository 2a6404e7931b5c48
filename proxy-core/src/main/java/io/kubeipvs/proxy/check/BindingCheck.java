package io.kubeipvs.proxy.check;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.check.facts.Network;
import io.kubeipvs.proxy.check.facts.NodeFacts;
import java.util.List;
import java.util.Set;

/** VIPs bound in the way that nobody asks for: kube-proxy's, or those of another setting. */
final class BindingCheck implements Check {
  static final String ID = "vip-binding";

  @Override
  public List<Finding> look(NodeFacts facts) {
    if (!facts.network().isPresent()) {
      return List.of(Finding.unknown(ID, "addresses and routes", facts.network().missing()));
    }
    Network network = facts.network().value().orElseThrow();
    Set<IpAddress> bound = network.deviceVips();
    Set<IpAddress> routed = network.routedVips();
    String evidence =
        "%d local routes, %d addresses on %s"
            .formatted(routed.size(), bound.size(), Network.DEVICE);
    if (!bound.isEmpty() && !routed.isEmpty()) {
      return List.of(
          Finding.of(
                  ID,
                  Severity.WARNING,
                  "VIPs are bound both ways, by routes and by addresses on " + Network.DEVICE,
                  evidence,
                  "for instance " + bound.iterator().next())
              .remedy(
                  "the next full look of kube-ipvs removes what it was not told to make"
                      + " (--ipvs-vip-binding); if they stay, another proxy adds them"));
    }
    if (!bound.isEmpty() && !facts.wanted().vipsByAddress()) {
      return List.of(
          Finding.of(
                  ID,
                  Severity.INFO,
                  "VIPs are addresses on " + Network.DEVICE + ", as kube-proxy makes them",
                  evidence)
              .remedy("kube-ipvs replaces them by routes when it starts, without an interruption"));
    }
    return List.of(Finding.ok(ID, "VIPs are bound in one way", evidence));
  }
}
