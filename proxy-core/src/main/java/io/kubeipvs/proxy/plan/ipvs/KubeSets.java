package io.kubeipvs.proxy.plan.ipvs;

import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.ipset.SetSpec;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.plan.Claim;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** All sets of ours, and what their entries say about whose a virtual service is. */
public final class KubeSets {

  /** Both families' sets by name. */
  public static final SortedMap<SetName, SetSpec> ALL = all();

  private static final Map<SetName, KubeSet> BY_NAME = byName();

  private KubeSets() {}

  private static SortedMap<SetName, SetSpec> all() {
    SortedMap<SetName, SetSpec> all = new TreeMap<>();
    for (AddressFamily family : AddressFamily.values()) {
      of(family).forEach(spec -> all.put(spec.name(), spec));
    }
    return Collections.unmodifiableSortedMap(all);
  }

  private static Map<SetName, KubeSet> byName() {
    Map<SetName, KubeSet> byName = new TreeMap<>();
    for (AddressFamily family : AddressFamily.values()) {
      Stream.of(KubeSet.values()).forEach(set -> byName.put(set.name(family), set));
    }
    return byName;
  }

  /** One family's sets, in kube-proxy's order. */
  public static List<SetSpec> of(AddressFamily family) {
    return Stream.of(KubeSet.values()).map(set -> set.spec(family)).toList();
  }

  /**
   * What an entry found in the kernel claims. A virtual service that such a claim covers was made
   * by us or by kube-proxy, and may be changed and deleted; any other is somebody else's. The sets
   * that claim are those every virtual service has an entry in: of cluster IPs, external IPs (both
   * policies), load balancer IPs and node ports.
   */
  public static Optional<Claim> claim(SetName set, SetEntry entry) {
    KubeSet known = BY_NAME.get(set);
    if (known == null) {
      return Optional.empty();
    }
    return switch (known) {
      case CLUSTER_IP, EXTERNAL_IP, EXTERNAL_IP_LOCAL, LOAD_BALANCER -> address(entry);
      case NODE_PORT_TCP -> nodePort(Protocol.TCP, entry);
      case NODE_PORT_UDP -> nodePort(Protocol.UDP, entry);
      case NODE_PORT_SCTP -> nodePort(Protocol.SCTP, entry);
      case LOOP_BACK,
          LOAD_BALANCER_FW,
          LOAD_BALANCER_LOCAL,
          LOAD_BALANCER_SOURCE_IP,
          LOAD_BALANCER_SOURCE_CIDR,
          NODE_PORT_LOCAL_TCP,
          NODE_PORT_LOCAL_UDP,
          NODE_PORT_LOCAL_SCTP,
          HEALTH_CHECK_NODE_PORT,
          IPVS_IPS,
          NO_LOCAL_INTERNAL,
          NO_LOCAL_EXTERNAL,
          NO_ENDPOINTS ->
          Optional.empty();
    };
  }

  private static Optional<Claim> address(SetEntry entry) {
    return entry instanceof SetEntry.IpPort own
        ? Optional.of(
            new Claim.Address(new ServiceKey.Address(own.protocol(), own.address(), own.port())))
        : Optional.empty();
  }

  private static Optional<Claim> nodePort(Protocol protocol, SetEntry entry) {
    if (entry instanceof SetEntry.Port port) {
      return Optional.of(new Claim.NodePort(protocol, port.port()));
    }
    return entry instanceof SetEntry.IpPort own && own.protocol().equals(protocol)
        ? Optional.of(new Claim.NodePort(protocol, own.port()))
        : Optional.empty();
  }
}
