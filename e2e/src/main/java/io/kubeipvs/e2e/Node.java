package io.kubeipvs.e2e;

import io.kubeipvs.e2e.Namespace.Agents;
import java.util.ArrayList;
import java.util.List;

/**
 * A node: {@code eth0} towards the others, a veth for each pod, and the kernel as a fresh node has
 * it: forwarding, for one, is off until somebody switches it on.
 */
public final class Node implements Host {
  private static final int FIRST_POD = 5;

  private final Namespace namespace;
  private final Addresses addresses;
  private final int index;
  private final Agents agents;
  private final List<Pod> pods = new ArrayList<>();

  Node(Namespace namespace, Addresses addresses, int index, Agents agents) {
    this.namespace = namespace;
    this.addresses = addresses;
    this.index = index;
    this.agents = agents;
  }

  @Override
  public Namespace namespace() {
    return namespace;
  }

  @Override
  public Addresses addresses() {
    return addresses;
  }

  /** The networks its pods' addresses come from. */
  public String podNetworkV4() {
    return "10.244.%d.0/24".formatted(index);
  }

  public String podNetworkV6() {
    return index == 0 ? "fd00:10:244::/64" : "fd00:10:244:%d::/64".formatted(index);
  }

  /** A new pod on this node; the name has at most 11 characters and is the cluster's only one. */
  public Pod addPod(String name) {
    int number = FIRST_POD + pods.size();
    Addresses own =
        Addresses.of(
            "10.244.%d.%d".formatted(index, number), "fd00:10:244:%d::%d".formatted(index, number));
    Pod pod = new Pod(Namespace.create(name, agents), own);
    Link.connect(pod.namespace(), own, namespace);
    pods.add(pod);
    return pod;
  }

  /** What a CNI or an administrator does on a real node, both families. */
  public void enableForwarding() {
    sysctl("net/ipv4/ip_forward", 1);
    sysctl("net/ipv6/conf/all/forwarding", 1);
  }

  void deletePods() {
    pods.forEach(pod -> pod.namespace().delete());
  }
}
