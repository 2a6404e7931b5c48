package io.kubeipvs.proxy.plan.iptables;

import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.proxy.model.ServicePortName;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the names of chains in iptables mode stand for, which are hashes. */
public final class ServiceChains {
  private ServiceChains() {}

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
