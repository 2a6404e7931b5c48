package io.kubeipvs.proxy.source;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.proxy.model.NodeInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code v1 Node} to the model. */
final class NodeMapper {
  private static final String ZONE = "topology.kubernetes.io/zone";

  /** Set by the cluster autoscaler on a node it is about to remove. */
  private static final String TO_BE_DELETED = "ToBeDeletedByClusterAutoscaler";

  private NodeMapper() {}

  static Optional<NodeInfo> map(Field unnamed) {
    return ObjectMeta.clusterWide("Node", unnamed)
        .map(
            meta ->
                new NodeInfo(
                    meta.name(),
                    addresses(meta.object().get("status").get("addresses")),
                    meta.label(ZONE).text().map(String::intern).orElse(""),
                    podRanges(meta.object().get("spec")),
                    isEligible(meta.object())));
  }

  private static boolean isEligible(Field node) {
    return !node.get("metadata").get("deletionTimestamp").isPresent()
        && node.get("spec").get("taints").items().stream()
            .noneMatch(taint -> taint.get("key").text().equals(Optional.of(TO_BE_DELETED)));
  }

  /**
   * Internal addresses before external ones; the first, and the first of the other family. As
   * kubelet reports them the primary family's address is the first.
   */
  private static List<IpAddress> addresses(Field list) {
    List<IpAddress> all = new ArrayList<>();
    for (String type : List.of("InternalIP", "ExternalIP")) {
      for (Field item : list.items()) {
        if (item.get("type").text().equals(Optional.of(type))) {
          Addresses.proxied(item.get("address")).ifPresent(all::add);
        }
      }
    }
    List<IpAddress> primary = new ArrayList<>();
    for (IpAddress address : all) {
      if (primary.stream().noneMatch(known -> known.family() == address.family())) {
        primary.add(address);
      }
    }
    return primary;
  }

  private static List<IpPrefix> podRanges(Field spec) {
    List<Field> fields = spec.get("podCIDRs").items();
    Field single = spec.get("podCIDR");
    if (fields.isEmpty() && single.isPresent()) {
      fields = List.of(single);
    }
    List<IpPrefix> ranges = new ArrayList<>();
    fields.forEach(field -> Addresses.range(field).ifPresent(ranges::add));
    return ranges;
  }
}
