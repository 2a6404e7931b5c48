package io.kubeipvs.proxy.plan.iptables;

import io.kubeipvs.iptables.ChainKey;
import io.kubeipvs.iptables.SavedRule;
import io.kubeipvs.iptables.SavedRule.RuleOption;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.model.ServicePortName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the names of chains in iptables mode stand for, which are hashes. */
public final class ServiceChains {
  /** Chains of nat whose rules lead to the chains of Services. */
  public static final List<String> ENTRANCES =
      Stream.of(KubeChains.SERVICES, KubeChains.NODE_PORTS).map(key -> key.name().value()).toList();

  /** Chains of filter that end what no Service serves. */
  public static final List<String> UNSERVED =
      Stream.of(KubeChains.UNSERVED, KubeChains.UNSERVED_EXTERNAL)
          .map(key -> key.name().value())
          .toList();

  private static final Set<String> SHARED =
      Stream.of(
              KubeChains.SERVICES,
              KubeChains.NODE_PORTS,
              KubeChains.UNSERVED,
              KubeChains.UNSERVED_EXTERNAL,
              KubeChains.HEALTH_CHECKS,
              KubeChains.SOURCE_RANGES)
          .map(ChainKey::toString)
          .collect(Collectors.toUnmodifiableSet());

  private static final String ANYWHERE = "endpoints anywhere";
  private static final String HERE = "endpoints of this node";
  private static final String OUTSIDE = "from outside";
  private static final String RANGES = "its source ranges";

  private static final Map<String, String> PURPOSES =
      Map.of(
          PortChains.CLUSTER, ANYWHERE,
          PortChains.LOCAL, HERE,
          PortChains.EXTERNAL, OUTSIDE,
          PortChains.FIREWALL, RANGES);

  private ServiceChains() {}

  /** Whether a chain of nat has such a name as those of single Services have. */
  public static boolean isOfService(String chain) {
    return KubeChains.OF_SERVICES.stream().anyMatch(each -> chain.startsWith(each.name()));
  }

  /** Whether it is one that leads to one endpoint. */
  public static boolean isOfEndpoint(String chain) {
    return chain.startsWith(PortChains.ENDPOINT);
  }

  /** Whether it is one that tells apart where packets come from before anything else. */
  public static boolean isForSomeSources(String chain) {
    return chain.startsWith(PortChains.FIREWALL);
  }

  /** Whether it is one in which Services have single rules. */
  public static boolean isShared(String table, String chain) {
    return SHARED.contains(table + " " + chain);
  }

  /** What a chain of a Service is for, in words. */
  public static String purpose(String chain) {
    return PURPOSES.entrySet().stream()
        .filter(each -> chain.startsWith(each.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("one endpoint");
  }

  /** Where a rule of such a chain translates to. */
  public static Optional<ServerKey> server(SavedRule rule) {
    return rule.targetOption("--to-destination").map(RuleOption::value).flatMap(ServiceChains::key);
  }

  private static Optional<ServerKey> key(String text) {
    int colon = text.lastIndexOf(':');
    String port = text.substring(colon + 1);
    if (colon < 0 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 0xffff) {
      return Optional.empty();
    }
    return IpAddress.parse(text.substring(0, colon).replaceAll("^\\[|]$", ""))
        .map(address -> new ServerKey(address, Integer.parseInt(port)));
  }

  /**
   * The chains of one port of a Service, with what they are for in words.
   *
   * @param endpoints with what there is to say of each; it may be nothing
   */
  public static Map<String, String> of(ServicePortName port, Map<ServerKey, String> endpoints) {
    PortChains names = new PortChains(port);
    Map<String, String> words = new LinkedHashMap<>();
    words.put(names.cluster(), port + ", " + ANYWHERE);
    words.put(names.local(), port + ", " + HERE);
    words.put(names.external(), port + ", " + OUTSIDE);
    words.put(names.firewall(), port + ", " + RANGES);
    endpoints.forEach(
        (key, more) ->
            words.put(
                names.endpoint(key),
                port + ", endpoint " + key + (more.isEmpty() ? "" : ", " + more)));
    return words;
  }
}
