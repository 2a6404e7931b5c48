package io.kubeipvs.proxy.plan.ipvs;

import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.ipset.SetSpec;
import io.kubeipvs.ipset.SetType;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.plan.SetMember;

/**
 * A set of ours, once for each family. The first 17 are kube-proxy's, with its names, types,
 * comments and meaning, because tools look at them and because a running kube-proxy's state is
 * taken over as it is. Those after them are our own.
 */
@SuppressWarnings("ImmutableEnumChecker") // a SetName is one string
public enum KubeSet {
  LOOP_BACK(
      "LOOP-BACK",
      SetType.HASH_IP_PORT_IP,
      "Kubernetes endpoints dst ip:port, source ip for solving hairpin purpose"),
  CLUSTER_IP(
      "CLUSTER-IP",
      SetType.HASH_IP_PORT,
      "Kubernetes service cluster ip + port for masquerade purpose"),
  EXTERNAL_IP(
      "EXTERNAL-IP",
      SetType.HASH_IP_PORT,
      "Kubernetes service external ip + port for masquerade and filter purpose"),
  EXTERNAL_IP_LOCAL(
      "EXTERNAL-IP-LOCAL",
      SetType.HASH_IP_PORT,
      "Kubernetes service external ip + port with externalTrafficPolicy=local"),
  LOAD_BALANCER("LOAD-BALANCER", SetType.HASH_IP_PORT, "Kubernetes service lb portal"),
  LOAD_BALANCER_FW(
      "LOAD-BALANCER-FW",
      SetType.HASH_IP_PORT,
      "Kubernetes service load balancer ip + port for load balancer with sourceRange"),
  LOAD_BALANCER_LOCAL(
      "LOAD-BALANCER-LOCAL",
      SetType.HASH_IP_PORT,
      "Kubernetes service load balancer ip + port with externalTrafficPolicy=local"),
  LOAD_BALANCER_SOURCE_IP(
      "LOAD-BALANCER-SOURCE-IP",
      SetType.HASH_IP_PORT_IP,
      "Kubernetes service load balancer ip + port + source IP for packet filter purpose"),
  LOAD_BALANCER_SOURCE_CIDR(
      "LOAD-BALANCER-SOURCE-CIDR",
      SetType.HASH_IP_PORT_NET,
      "Kubernetes service load balancer ip + port + source cidr for packet filter purpose"),
  NODE_PORT_TCP(
      "NODE-PORT-TCP", SetType.BITMAP_PORT, "Kubernetes nodeport TCP port for masquerade purpose"),
  NODE_PORT_LOCAL_TCP(
      "NODE-PORT-LOCAL-TCP",
      SetType.BITMAP_PORT,
      "Kubernetes nodeport TCP port with externalTrafficPolicy=local"),
  NODE_PORT_UDP(
      "NODE-PORT-UDP", SetType.BITMAP_PORT, "Kubernetes nodeport UDP port for masquerade purpose"),
  NODE_PORT_LOCAL_UDP(
      "NODE-PORT-LOCAL-UDP",
      SetType.BITMAP_PORT,
      "Kubernetes nodeport UDP port with externalTrafficPolicy=local"),
  NODE_PORT_SCTP(
      "NODE-PORT-SCTP-HASH",
      SetType.HASH_IP_PORT,
      "Kubernetes nodeport SCTP port for masquerade purpose with type 'hash ip:port'"),
  NODE_PORT_LOCAL_SCTP(
      "NODE-PORT-LOCAL-SCTP-HASH",
      SetType.HASH_IP_PORT,
      "Kubernetes nodeport SCTP port with externalTrafficPolicy=local with type 'hash ip:port'"),
  HEALTH_CHECK_NODE_PORT(
      "HEALTH-CHECK-NODE-PORT", SetType.BITMAP_PORT, "Kubernetes health check node port"),
  IPVS_IPS("IPVS-IPS", SetType.HASH_IP, "Addresses on the ipvs interface"),

  /**
   * Cluster IPs with {@code internalTrafficPolicy: Local} whose endpoints are all elsewhere. New
   * connections to them are dropped. Their virtual services have no servers, for which IPVS alone
   * would answer "refused"; the specification asks for silence, since endpoints do exist.
   */
  NO_LOCAL_INTERNAL(
      "NO-LOCAL-INTERNAL",
      SetType.HASH_IP_PORT,
      "internalTrafficPolicy=Local and no endpoint on this node"),

  /**
   * External IPs, load balancer IPs and node ports with {@code externalTrafficPolicy: Local} whose
   * endpoints are all elsewhere. New connections from outside are dropped: a load balancer that has
   * not noticed yet must retry elsewhere. Pods and the node itself still get through, which is why
   * the virtual service has the servers of the whole cluster.
   */
  NO_LOCAL_EXTERNAL(
      "NO-LOCAL-EXTERNAL",
      SetType.HASH_IP_PORT,
      "externalTrafficPolicy=Local and no endpoint on this node"),

  /**
   * What has no endpoint anywhere, at every address it is asked for. New connections are refused
   * before IPVS sees them: it would refuse them by ICMP, which comes late to some (see {@link
   * RulePlanner}). For as long as a change takes, a VIP's port is in here too while its claim is in
   * the sets and its virtual service is not (yet, or any more): the socket of a host's own program
   * must not get what is meant for a Service.
   */
  NO_ENDPOINTS("NO-ENDPOINTS", SetType.HASH_IP_PORT, "no endpoint anywhere: refused");

  private final SetName nameV4;
  private final SetName nameV6;
  private final SetType type;
  private final String comment;

  KubeSet(String suffix, SetType type, String comment) {
    this.nameV4 = cut("KUBE-" + suffix);
    this.nameV6 = cut("KUBE-6-" + suffix);
    this.type = type;
    this.comment = comment;
  }

  /** {@code KUBE-CLUSTER-IP}, {@code KUBE-6-CLUSTER-IP}; cut where the kernel's limit is. */
  public SetName name(AddressFamily family) {
    return family == AddressFamily.IPV4 ? nameV4 : nameV6;
  }

  private static SetName cut(String name) {
    return new SetName(name.substring(0, Math.min(name.length(), SetName.MAXIMUM_LENGTH)));
  }

  public SetSpec spec(AddressFamily family) {
    String name = name(family).value();
    return type == SetType.BITMAP_PORT ? SetSpec.ports(name) : SetSpec.hash(name, type, family);
  }

  /** What rules that match this set carry as their comment. */
  public String comment() {
    return comment;
  }

  SetMember member(AddressFamily family, SetEntry entry) {
    return new SetMember(name(family), entry);
  }
}
