package io.kubeipvs.proxy.plan.iptables;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.proxy.plan.RuleSettings;
import java.util.List;

/**
 * The proxy's settings as far as the rules of iptables mode depend on them.
 *
 * @param localhostNodePorts {@code --iptables-localhost-nodeports}: node ports on 127.0.0.0/8,
 *     which also need {@code net.ipv4.conf.all.route_localnet}
 * @param dropInvalid whether forwarded packets that conntrack finds invalid are dropped; not where
 *     {@code nf_conntrack_tcp_be_liberal} makes it take them for valid
 * @param nodePortRanges {@code --nodeport-addresses}, with {@code primary} replaced by the node's
 *     own addresses; a family without a range serves node ports on all its addresses
 */
public record IptablesSettings(
    RuleSettings rules,
    boolean localhostNodePorts,
    boolean dropInvalid,
    List<IpPrefix> nodePortRanges) {
  private static final IpAddress LOOPBACK = IpAddress.of("127.0.0.1");

  public static final IptablesSettings DEFAULT =
      new IptablesSettings(RuleSettings.DEFAULT, true, true, List.of());

  public IptablesSettings {
    nodePortRanges = List.copyOf(nodePortRanges);
  }

  /** Whether every address of the node serves node ports of that family. */
  boolean servesNodePortsEverywhere(AddressFamily family) {
    return rangesOf(family).isEmpty()
        || rangesOf(family).stream().anyMatch(range -> range.length() == 0);
  }

  /**
   * Whether node ports are served on loopback addresses. Never of IPv6: the kernel does not route
   * packets from {@code ::1} elsewhere, whatever one asks of it.
   */
  public boolean servesNodePortsOnLoopback(AddressFamily family) {
    return localhostNodePorts
        && family == AddressFamily.IPV4
        && (servesNodePortsEverywhere(family)
            || rangesOf(family).stream().anyMatch(range -> range.contains(LOOPBACK)));
  }

  private List<IpPrefix> rangesOf(AddressFamily family) {
    return nodePortRanges.stream().filter(range -> range.family() == family).toList();
  }
}
