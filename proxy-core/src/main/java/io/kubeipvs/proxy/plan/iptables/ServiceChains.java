package io.kubeipvs.proxy.plan.iptables;

import io.kubeipvs.iptables.SavedRule;
import io.kubeipvs.iptables.SavedRule.RuleOption;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.model.ServicePortName;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** The chains of one port of a Service, with what they are for in words. */
  public static Map<String, String> of(ServicePortName port, Collection<ServerKey> endpoints) {
    PortChains names = new PortChains(port);
    Map<String, String> words = new LinkedHashMap<>();
    words.put(names.cluster(), port + ", endpoints anywhere");
    words.put(names.local(), port + ", endpoints of this node");
    words.put(names.external(), port + ", from outside");
    words.put(names.firewall(), port + ", its source ranges");
    endpoints.forEach(each -> words.put(names.endpoint(each), port + ", endpoint " + each));
    return words;
  }
}
