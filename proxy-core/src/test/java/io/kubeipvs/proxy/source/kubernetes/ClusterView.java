package io.kubeipvs.proxy.source.kubernetes;

import static org.assertj.core.api.Assertions.fail;

import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.model.SliceName;
import io.kubeipvs.proxy.source.Problem;
import io.kubeipvs.proxy.source.SourceListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** The cluster as a source told it; a test waits until it looks as it should. */
final class ClusterView implements SourceListener {
  private static final long PATIENCE_SECONDS = 120;

  final Map<ServiceName, Service> services = new TreeMap<>();
  final Map<SliceName, EndpointSlice> slices = new TreeMap<>();
  final Map<String, NodeInfo> nodes = new TreeMap<>();
  List<Problem> problems = List.of();
  boolean listed;
  int deletions;

  /** What a test wants to know of the moment a Service is deleted. */
  LongSupplier stamp = () -> 0;

  final List<Long> serviceDeletions = new ArrayList<>();

  synchronized void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        fail("waited in vain: " + what + "; there are " + services.keySet() + slices.keySet());
      }
      TimeUnit.NANOSECONDS.timedWait(this, Math.min(left, 20_000_000));
    }
  }

  synchronized boolean has(String namespace, String service) {
    return services.containsKey(new ServiceName(namespace, service));
  }

  synchronized int endpoints(String namespace, String slice) {
    EndpointSlice found = slices.get(new SliceName(namespace, slice));
    return found == null ? -1 : found.endpoints().size();
  }

  synchronized NodeInfo node1() {
    return Objects.requireNonNull(nodes.get("node1"));
  }

  @Override
  public synchronized void service(Service service) {
    services.put(service.name(), service);
    notifyAll();
  }

  @Override
  public synchronized void serviceDeleted(ServiceName name) {
    services.remove(name);
    serviceDeletions.add(stamp.getAsLong());
    deletions++;
    notifyAll();
  }

  @Override
  public synchronized void slice(EndpointSlice slice) {
    slices.put(slice.name(), slice);
    notifyAll();
  }

  @Override
  public synchronized void sliceDeleted(SliceName name) {
    slices.remove(name);
    deletions++;
    notifyAll();
  }

  @Override
  public synchronized void node(NodeInfo node) {
    nodes.put(node.name(), node);
    notifyAll();
  }

  @Override
  public synchronized void listed() {
    listed = true;
    notifyAll();
  }

  @Override
  public synchronized void problems(List<Problem> all) {
    problems = all;
    notifyAll();
  }
}
