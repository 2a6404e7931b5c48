package io.kubeipvs.proxy.diff;

import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpPrefix;
import java.util.List;
import java.util.function.Predicate;

/**
 * What the differ may touch, and how VIPs are bound.
 *
 * @param deleteForeign delete virtual services that no set of ours claims, as kube-proxy does
 *     ({@code --ipvs-foreign-services=delete})
 * @param excluded virtual services at these addresses are nobody's business of ours ({@code
 *     --ipvs-exclude-cidrs})
 * @param drainsToo which servers of UDP and SCTP drain as those of TCP do; while IPVS serves none:
 *     a client that never pauses would never reach another server
 */
public record DiffSettings(
    VipBinding binding,
    String deviceName,
    boolean deleteForeign,
    List<IpPrefix> excluded,
    Predicate<ServerKey> drainsToo) {

  public DiffSettings {
    excluded = List.copyOf(excluded);
  }

  public DiffSettings(
      VipBinding binding, String deviceName, boolean deleteForeign, List<IpPrefix> excluded) {
    this(binding, deviceName, deleteForeign, excluded, server -> false);
  }

  public DiffSettings drainingToo(Predicate<ServerKey> servers) {
    return new DiffSettings(binding, deviceName, deleteForeign, excluded, servers);
  }

  boolean isExcluded(ServiceKey key) {
    return key instanceof ServiceKey.Address address
        && excluded.stream().anyMatch(prefix -> prefix.contains(address.address()));
  }
}
