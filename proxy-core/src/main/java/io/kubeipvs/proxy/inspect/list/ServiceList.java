package io.kubeipvs.proxy.inspect.list;

import io.kubeipvs.iptables.Counted;
import io.kubeipvs.ipvs.Statistics;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What {@code list} shows.
 *
 * @param mode how Services are served: {@code ipvs} or {@code iptables}
 * @param origin where what the cluster asks for was read; empty when that is not known
 * @param remarks what is missing, and why
 */
public record ServiceList(
    Instant taken, String mode, String origin, List<Entrance> entrances, List<String> remarks) {
  public ServiceList {
    entrances = List.copyOf(entrances);
    remarks = List.copyOf(remarks);
  }

  /** Whether rules serve, and not IPVS. */
  boolean isOfRules() {
    return mode.equals("iptables");
  }

  /**
   * One way into a port of a Service.
   *
   * @param namespace empty, as is {@code service}, for a virtual service that no Service asks for
   * @param portName empty for a port without a name
   * @param kind {@code cluster IP}, {@code node port}, {@code external IP}, {@code load balancer
   *     IP}, {@code health check node port}, or {@code not asked for}
   * @param address empty where it is every address of the node
   * @param policy the traffic policy that rules it: {@code Cluster} or {@code Local}
   * @param scheduler with its flags, as ipvsadm shows them; empty where there is none
   * @param persistenceSeconds 0 without session affinity
   * @param state what is not as it should be; empty when all is well
   * @param statistics of all its servers together, where they were read
   * @param rules in iptables mode: what the kernel's rules have of it
   */
  public record Entrance(
      String namespace,
      String service,
      String portName,
      String kind,
      Protocol protocol,
      Optional<IpAddress> address,
      int port,
      String policy,
      String scheduler,
      int persistenceSeconds,
      String state,
      Optional<Statistics> statistics,
      Optional<Ruled> rules,
      List<Server> servers) {
    public Entrance {
      servers = List.copyOf(servers);
    }

    /** One of which rules tell nothing. */
    public Entrance(
        String namespace,
        String service,
        String portName,
        String kind,
        Protocol protocol,
        Optional<IpAddress> address,
        int port,
        String policy,
        String scheduler,
        int persistenceSeconds,
        String state,
        Optional<Statistics> statistics,
        List<Server> servers) {
      this(
          namespace,
          service,
          portName,
          kind,
          protocol,
          address,
          port,
          policy,
          scheduler,
          persistenceSeconds,
          state,
          statistics,
          Optional.empty(),
          servers);
    }

    /** {@code default/web:http}. */
    public String name() {
      if (service.isEmpty()) {
        return "-";
      }
      return namespace + "/" + service + (portName.isEmpty() ? "" : ":" + portName);
    }

    /** {@code 10.96.0.1:80}, or {@code :30080} on every address. */
    public String place() {
      return address.map(known -> known.withPort(port)).orElse(":" + port);
    }

    /** Whether anything of it is not as it should be. What others made is their business. */
    public boolean isUnhealthy() {
      return (!state.isEmpty() && !service.isEmpty())
          || servers.stream().anyMatch(server -> !server.state().isEmpty());
    }
  }

  /**
   * A server behind it.
   *
   * @param pod empty when it is not known
   * @param node empty when it is not known
   * @param zone empty when it is not known
   * @param weight in the kernel; -1 where the kernel has no such server, or no weights
   * @param state what is not as it should be; empty when all is well
   * @param drainSecondsLeft how long a draining server may keep its connections; empty for as long
   *     as they last
   * @param statistics where they were read
   * @param rules in iptables mode: what the kernel's rules have of it
   */
  public record Server(
      IpAddress address,
      int port,
      String pod,
      String node,
      String zone,
      int weight,
      String state,
      Optional<Long> drainSecondsLeft,
      long activeConnections,
      long inactiveConnections,
      long persistentConnections,
      Optional<Statistics> statistics,
      Optional<Chosen> rules) {

    /** One of which rules tell nothing. */
    public Server(
        IpAddress address,
        int port,
        String pod,
        String node,
        String zone,
        int weight,
        String state,
        Optional<Long> drainSecondsLeft,
        long activeConnections,
        long inactiveConnections,
        long persistentConnections,
        Optional<Statistics> statistics) {
      this(
          address,
          port,
          pod,
          node,
          zone,
          weight,
          state,
          drainSecondsLeft,
          activeConnections,
          inactiveConnections,
          persistentConnections,
          statistics,
          Optional.empty());
    }

    Server withState(String other) {
      return new Server(
          address,
          port,
          pod,
          node,
          zone,
          weight,
          other,
          drainSecondsLeft,
          activeConnections,
          inactiveConnections,
          persistentConnections,
          statistics,
          rules);
    }

    /** {@code 10.244.1.7:8080}. */
    public String place() {
      return address.withPort(port);
    }
  }

  /**
   * A way in by rules. The table they are in sees the first packet of each connection only.
   *
   * @param chain that it leads to; empty where it leads to none
   * @param packets that the rule which leads there has let through since it was written
   */
  public record Ruled(String chain, long packets, long bytes) {
    static Ruled of(String chain, Counted counted) {
      return new Ruled(chain, counted.packets(), counted.bytes());
    }
  }

  /**
   * A server that rules choose.
   *
   * @param chain that translates to it
   * @param share of new connections, 0..1, that come this way
   * @param packets translated to it since the rule was written, whichever way they came
   */
  public record Chosen(String chain, double share, long packets, long bytes) {
    static Chosen of(String chain, double share, Counted counted) {
      return new Chosen(chain, share, counted.packets(), counted.bytes());
    }
  }
}
