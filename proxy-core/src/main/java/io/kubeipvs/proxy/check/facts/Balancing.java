package io.kubeipvs.proxy.check.facts;

import io.kubeipvs.ipvs.IpvsInfo;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.IpAddress;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The IPVS table, in numbers. */
public record Balancing(IpvsInfo info, List<Entry> entries) {

  /**
   * A virtual service.
   *
   * @param servers how many it has
   * @param draining those of them with weight 0
   */
  public record Entry(VirtualService service, int servers, int draining, long connections) {}

  public Balancing {
    entries = List.copyOf(entries);
  }

  public long connections() {
    return entries.stream().mapToLong(Entry::connections).sum();
  }

  public long servers() {
    return entries.stream().mapToLong(Entry::servers).sum();
  }

  /** Those of virtual services that have one. */
  public Set<IpAddress> addresses() {
    return entries.stream()
        .map(entry -> entry.service().key())
        .filter(ServiceKey.Address.class::isInstance)
        .map(key -> ((ServiceKey.Address) key).address())
        .collect(Collectors.toSet());
  }
}
