package io.kubeipvs.proxy.plan.iptables;

import io.kubeipvs.iptables.ChainKey;
import io.kubeipvs.iptables.ChainPattern;
import io.kubeipvs.iptables.Table;
import java.util.List;
import java.util.stream.Stream;

/** The chains that Services share, by kube-proxy's names. */
final class KubeChains {
  /** By cluster IP, external IP and load balancer IP to the Service's own chains. */
  static final ChainKey SERVICES = ChainKey.of(Table.NAT, "KUBE-SERVICES");

  /** By node port to the Service's own chains. */
  static final ChainKey NODE_PORTS = ChainKey.of(Table.NAT, "KUBE-NODEPORTS");

  static final ChainKey POSTROUTING = ChainKey.of(Table.NAT, "KUBE-POSTROUTING");
  static final ChainKey MARK_MASQUERADE = ChainKey.of(Table.NAT, "KUBE-MARK-MASQ");

  /** Refuses or drops what goes to a cluster IP nobody serves. */
  static final ChainKey UNSERVED = ChainKey.of(Table.FILTER, "KUBE-SERVICES");

  /** Refuses or drops what goes to a Service nobody serves by any other way. */
  static final ChainKey UNSERVED_EXTERNAL = ChainKey.of(Table.FILTER, "KUBE-EXTERNAL-SERVICES");

  /** Accepts what asks for a Service's health. */
  static final ChainKey HEALTH_CHECKS = ChainKey.of(Table.FILTER, "KUBE-NODEPORTS");

  /** Drops what a load balancer's source ranges keep out. */
  static final ChainKey SOURCE_RANGES = ChainKey.of(Table.FILTER, "KUBE-PROXY-FIREWALL");

  static final ChainKey FORWARD = ChainKey.of(Table.FILTER, "KUBE-FORWARD");

  /** Kubelet has rules of its own in a chain of this name. */
  static final ChainKey FIREWALL = ChainKey.of(Table.FILTER, "KUBE-FIREWALL");

  /** Empty; whoever flushes all rules takes them away, which can be seen. */
  static final List<ChainKey> CANARIES =
      Stream.of(Table.values()).map(table -> ChainKey.of(table, "KUBE-PROXY-CANARY")).toList();

  /** Beginnings of the names of chains that belong to one Service. {@code XLB} is before 1.24. */
  static final List<ChainPattern> OF_SERVICES =
      Stream.of("KUBE-SVC-", "KUBE-SVL-", "KUBE-EXT-", "KUBE-FW-", "KUBE-SEP-", "KUBE-XLB-")
          .map(prefix -> ChainPattern.startingWith(Table.NAT, prefix))
          .toList();

  private KubeChains() {}
}
