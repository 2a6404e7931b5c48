package io.kubeipvs.proxy.check;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.proxy.check.facts.Balancing;
import io.kubeipvs.proxy.check.facts.NodeFacts;
import java.util.List;

/** Virtual services that have nobody to give a new connection to. */
final class ServersCheck implements Check {
  static final String ID = "servers";

  @Override
  public List<Finding> look(NodeFacts facts) {
    if (!facts.balancing().isPresent()) {
      return List.of();
    }
    List<Balancing.Entry> entries = facts.balancing().value().orElseThrow().entries();
    List<String> without =
        entries.stream()
            .filter(entry -> entry.servers() == entry.draining())
            .map(ServersCheck::described)
            .toList();
    if (without.isEmpty()) {
      return List.of(
          Finding.ok(
              ID, "every virtual service has a server", entries.size() + " virtual services"));
    }
    return List.of(
        Finding.of(
                ID,
                Severity.INFO,
                without.size() + " virtual services have no server for new connections",
                without)
            .remedy("kubectl get endpointslices; a Service without ready pods is refused"));
  }

  private static String described(Balancing.Entry entry) {
    ServiceKey key = entry.service().key();
    return key + (entry.servers() == 0 ? ", no servers" : ", " + entry.draining() + " draining");
  }
}
