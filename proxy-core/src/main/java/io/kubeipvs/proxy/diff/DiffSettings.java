package io.kubeipvs.proxy.diff;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpPrefix;
import java.util.List;

/**
 * What the differ may touch, and how VIPs are bound.
 *
 * @param deleteForeign delete virtual services that no set of ours claims, as kube-proxy does
 *     ({@code --ipvs-foreign-services=delete})
 * @param excluded virtual services at these addresses are nobody's business of ours ({@code
 *     --ipvs-exclude-cidrs})
 */
public record DiffSettings(
    VipBinding binding, String deviceName, boolean deleteForeign, List<IpPrefix> excluded) {

  public DiffSettings {
    excluded = List.copyOf(excluded);
  }

  boolean isExcluded(ServiceKey key) {
    return key instanceof ServiceKey.Address address
        && excluded.stream().anyMatch(prefix -> prefix.contains(address.address()));
  }
}
