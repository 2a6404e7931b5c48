package io.kubeipvs.proxy.inspect;

import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.source.Problem;
import io.kubeipvs.proxy.state.ChangeTracker;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What the cluster asks of this node.
 *
 * @param origin where that was read: {@code daemon at 127.0.0.1:10249}, {@code directory /etc/x}
 * @param nodeName this node's
 * @param node empty when no object tells of it
 * @param services by name
 * @param slices by name
 * @param problems what was refused of it
 */
public record Cluster(
    String origin,
    String nodeName,
    Optional<NodeInfo> node,
    List<Service> services,
    List<EndpointSlice> slices,
    List<Problem> problems) {

  public Cluster {
    services = services.stream().sorted(Comparator.comparing(Service::name)).toList();
    slices = slices.stream().sorted(Comparator.comparing(EndpointSlice::name)).toList();
    problems = problems.stream().sorted().toList();
  }

  /** All a tracker was told so far. */
  public static Cluster of(ChangeTracker tracker, String origin) {
    ChangeTracker.Objects all = tracker.objects();
    return new Cluster(
        origin, tracker.nodeName(), all.node(), all.services(), all.slices(), all.problems());
  }

  /** Tells all of it to one that knows nothing. */
  public void tell(ChangeTracker tracker) {
    services.forEach(tracker::service);
    slices.forEach(tracker::slice);
    node.ifPresent(tracker::node);
    tracker.problems(problems);
    tracker.listed();
  }
}
