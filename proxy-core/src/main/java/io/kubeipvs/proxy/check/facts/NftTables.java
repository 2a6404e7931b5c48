package io.kubeipvs.proxy.check.facts;

import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.netlink.tables.NfTables;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Tables of a kube-proxy in nftables mode ({@code pkg/proxy/nftables}), which no iptables tool
 * shows.
 */
final class NftTables {
  private static final List<String> OTHERS = List.of("ip kube-proxy", "ip6 kube-proxy");

  private NftTables() {}

  /** {@code ip kube-proxy}. */
  static List<String> read() throws IOException {
    Optional<NfTables> opened = NfTables.open(NetlinkTrace.NONE);
    if (opened.isEmpty()) {
      return List.of();
    }
    try (NfTables tables = opened.get()) {
      return ofKubeProxy(tables.tables());
    }
  }

  static List<String> ofKubeProxy(List<String> all) {
    return all.stream().filter(OTHERS::contains).toList();
  }
}
