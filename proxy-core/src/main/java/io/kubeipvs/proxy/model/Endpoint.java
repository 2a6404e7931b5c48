package io.kubeipvs.proxy.model;

import io.kubeipvs.net.IpAddress;
import java.util.Comparator;
import java.util.List;

/**
 * One of an EndpointSlice's {@code endpoints}. There may be 100,000 of them, so it is kept small:
 * no optionals, and readers share the strings.
 *
 * @param ready also true for one that is not, where the Service publishes such addresses
 * @param nodeName empty when not given
 * @param zone empty when not given
 * @param zoneHints zones whose clients should use it
 * @param nodeHints nodes whose clients should use it
 * @param pod the pod's name in the Service's namespace, for people to read; empty when it is no pod
 */
public record Endpoint(
    IpAddress address,
    boolean ready,
    boolean serving,
    boolean terminating,
    String nodeName,
    String zone,
    List<String> zoneHints,
    List<String> nodeHints,
    String pod)
    implements Comparable<Endpoint> {
  private static final Comparator<Endpoint> ORDER =
      Comparator.comparing(Endpoint::address)
          .thenComparing(Endpoint::nodeName)
          .thenComparing(Endpoint::zone)
          .thenComparing(Endpoint::ready)
          .thenComparing(Endpoint::serving)
          .thenComparing(Endpoint::terminating)
          .thenComparing(endpoint -> endpoint.zoneHints.toString())
          .thenComparing(endpoint -> endpoint.nodeHints.toString())
          .thenComparing(Endpoint::pod);

  public Endpoint {
    zoneHints = List.copyOf(zoneHints);
    nodeHints = List.copyOf(nodeHints);
  }

  /** One that is no pod, or whose name nobody knows. */
  public Endpoint(
      IpAddress address,
      boolean ready,
      boolean serving,
      boolean terminating,
      String nodeName,
      String zone,
      List<String> zoneHints,
      List<String> nodeHints) {
    this(address, ready, serving, terminating, nodeName, zone, zoneHints, nodeHints, "");
  }

  /** A ready one, without zone and hints. */
  public static Endpoint of(IpAddress address, String nodeName) {
    return new Endpoint(address, true, true, false, nodeName, "", List.of(), List.of());
  }

  /** Going away, but still answering: the last resort when nothing else is there. */
  public boolean isServingTerminating() {
    return serving && terminating;
  }

  /** Whether it may ever get traffic. */
  public boolean isUsable() {
    return ready || isServingTerminating();
  }

  @Override
  public int compareTo(Endpoint other) {
    return ORDER.compare(this, other);
  }
}
