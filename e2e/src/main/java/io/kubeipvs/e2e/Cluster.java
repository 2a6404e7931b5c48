package io.kubeipvs.e2e;

import io.kubeipvs.e2e.Namespace.Agents;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import java.util.ArrayList;
import java.util.List;

/**
 * Nodes, their pods and outside clients in namespaces of one kernel, all at one router.
 *
 * <pre>
 *  node1 10.0.2.15, fd00:10::15   (pods 10.244.0.5 ..., fd00:10:244::5 ...)  ---+
 *  node2 10.0.2.16, fd00:10::16   (pods 10.244.1.5 ..., fd00:10:244:1::5 ...) --+-- router
 *  clients 192.0.2.10 ..., 2001:db8::10 ...  -----------------------------------+
 * </pre>
 */
public final class Cluster implements AutoCloseable {
  private static final int FIRST_NODE = 15;
  private static final int FIRST_CLIENT = 10;

  private final Agents agents;
  private final Namespace router;
  private final List<Node> nodes = new ArrayList<>();
  private final List<Client> clients = new ArrayList<>();

  private Cluster(Agents agents, Namespace router) {
    this.agents = agents;
    this.router = router;
  }

  /** A cluster without nodes yet. */
  public static Cluster create() {
    Agents agents = Agents.start();
    Namespace router = Namespace.create("router", agents);
    router.sysctl("net/ipv4/ip_forward", 1);
    router.sysctl("net/ipv6/conf/all/forwarding", 1);
    // Source addresses for what it has to say itself (ICMP errors).
    router.ip("address add 10.0.2.1/32 dev lo", "address add fd00:10::1/128 dev lo nodad");
    return new Cluster(agents, router);
  }

  /** The next node: node1, node2, ... */
  public Node addNode() {
    int index = nodes.size();
    int number = FIRST_NODE + index;
    Addresses own = Addresses.of("10.0.2." + number, "fd00:10::" + number);
    Node node = new Node(Namespace.create("node" + (index + 1), agents), own, index, agents);
    Link.connect(node.namespace(), own, router, "/24", "/64");
    nodes.add(node);
    route(IpPrefix.of(node.podNetworkV4()), node);
    route(IpPrefix.of(node.podNetworkV6()), node);
    return node;
  }

  /** The next outside client: client1, client2, ... */
  public Client addClient() {
    int number = FIRST_CLIENT + clients.size();
    Addresses own = Addresses.of("192.0.2." + number, "2001:db8::" + number);
    Client client = new Client(Namespace.create("client" + (clients.size() + 1), agents), own);
    Link.connect(client.namespace(), own, router);
    clients.add(client);
    return client;
  }

  /** Sends traffic to these addresses to that node, as a load balancer or BGP would. */
  public void route(IpPrefix prefix, Node node) {
    IpAddress gateway = node.addresses().of(prefix.family());
    String device = Link.device(node.name());
    router.ip("route replace %s via %s dev %s onlink".formatted(prefix, gateway, device));
  }

  @Override
  public void close() {
    agents.close();
    nodes.forEach(Node::deletePods);
    nodes.forEach(node -> node.namespace().delete());
    clients.forEach(client -> client.namespace().delete());
    router.delete();
  }
}
