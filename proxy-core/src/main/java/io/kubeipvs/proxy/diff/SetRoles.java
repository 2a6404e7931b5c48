package io.kubeipvs.proxy.diff;

import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.plan.SetMember;
import io.kubeipvs.proxy.plan.ipvs.KubeSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the differ has to know of sets to order their entries and to tell whose a service is. */
public final class SetRoles {
  private static final Set<SetName> CLIENTS =
      names(
          KubeSet.LOAD_BALANCER_SOURCE_CIDR,
          KubeSet.LOAD_BALANCER_SOURCE_IP,
          KubeSet.NO_LOCAL_INTERNAL,
          KubeSet.NO_LOCAL_EXTERNAL,
          KubeSet.NO_ENDPOINTS);

  private static final Set<SetName> SHUT_OUT = names(KubeSet.LOAD_BALANCER_FW);

  private static final List<KubeSet> CLAIMS_BY_ADDRESS =
      List.of(
          KubeSet.CLUSTER_IP,
          KubeSet.EXTERNAL_IP,
          KubeSet.EXTERNAL_IP_LOCAL,
          KubeSet.LOAD_BALANCER);

  private static final Set<SetName> ADDRESS_CLAIMS =
      names(CLAIMS_BY_ADDRESS.toArray(KubeSet[]::new));

  private static final Set<SetName> REFUSED = names(KubeSet.NO_ENDPOINTS);

  private SetRoles() {}

  private static Set<SetName> names(KubeSet... sets) {
    Set<SetName> names = new HashSet<>();
    for (KubeSet set : sets) {
      for (AddressFamily family : AddressFamily.values()) {
        names.add(set.name(family));
      }
    }
    return Set.copyOf(names);
  }

  /** Entries say which clients an address serves or drops; they are there before it is. */
  static boolean namesClients(SetName set) {
    return CLIENTS.contains(set);
  }

  /** An entry shuts all clients out but those other entries name. */
  static boolean shutsOut(SetName set) {
    return SHUT_OUT.contains(set);
  }

  /** Whether an entry there claims one address and port for a service. */
  static boolean claimsAddress(SetName set) {
    return ADDRESS_CLAIMS.contains(set);
  }

  /** Whether new connections to an entry there are refused. */
  public static boolean refuses(SetName set) {
    return REFUSED.contains(set);
  }

  /** The entry by which new connections to that service are refused. */
  static SetMember refusal(ServiceKey.Address key) {
    SetEntry entry = new SetEntry.IpPort(key.address(), key.protocol(), key.port());
    return new SetMember(KubeSet.NO_ENDPOINTS.name(key.family()), entry);
  }

  /** The entries of which one is there when a service of that key is ours. */
  static List<SetMember> claimsOn(ServiceKey.Address key) {
    AddressFamily family = key.family();
    SetEntry entry = new SetEntry.IpPort(key.address(), key.protocol(), key.port());
    List<SetMember> claims = new ArrayList<>();
    for (KubeSet set : CLAIMS_BY_ADDRESS) {
      claims.add(new SetMember(set.name(family), entry));
    }
    if (key.protocol().equals(Protocol.TCP)) {
      claims.add(nodePort(KubeSet.NODE_PORT_TCP, key));
    } else if (key.protocol().equals(Protocol.UDP)) {
      claims.add(nodePort(KubeSet.NODE_PORT_UDP, key));
    } else {
      claims.add(new SetMember(KubeSet.NODE_PORT_SCTP.name(family), entry));
    }
    return claims;
  }

  private static SetMember nodePort(KubeSet set, ServiceKey.Address key) {
    return new SetMember(set.name(key.family()), new SetEntry.Port(key.port()));
  }
}
