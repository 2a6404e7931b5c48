package io.kubeipvs.proxy.plan.iptables;

import io.kubeipvs.net.AddressFamily;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** All differences, as data. */
final class Differences {
  private static final String RANGES =
      "source ranges are in the order of their addresses: the order a Service gives them in means"
          + " nothing, and must not change its chain";
  private static final String FIREWALL = "nat -A KUBE-FW-YC5IGG7ROIGEROKC ";
  private static final String ALLOWED =
      " -m comment --comment \"default/lbs:http loadbalancer IP\" -j KUBE-EXT-YC5IGG7ROIGEROKC";

  private static final List<Difference> ALL =
      List.of(
          new Difference(
              "08-loadbalancer-source-ranges",
              AddressFamily.IPV4,
              RANGES,
              List.of(allowed(1, "198.51.100.0/24"), allowed(2, "10.0.2.0/24")),
              List.of(allowed(1, "10.0.2.0/24"), allowed(2, "198.51.100.0/24"))),
          new Difference(
              "35-lb-source-ranges-node-slash32",
              AddressFamily.IPV4,
              RANGES,
              List.of(allowed(1, "198.51.100.0/24"), allowed(2, "10.0.2.15/32")),
              List.of(allowed(1, "10.0.2.15/32"), allowed(2, "198.51.100.0/24"))));

  private Differences() {}

  private static String allowed(int place, String range) {
    return FIREWALL + place + " -s " + range + ALLOWED;
  }

  static List<Difference> of(String scenario, AddressFamily family) {
    return ALL.stream()
        .filter(difference -> difference.scenario().equals(scenario))
        .filter(difference -> difference.family() == family)
        .toList();
  }

  static Set<String> scenarios() {
    return ALL.stream().map(Difference::scenario).collect(Collectors.toSet());
  }
}
