package io.kubeipvs.proxy.state;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.model.SliceName;
import io.kubeipvs.proxy.source.Problem;
import io.kubeipvs.proxy.source.SourceListener;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The newest version of every object, and which Services are dirty since the sync thread last
 * asked. A source's threads put, the sync thread takes; this is the only lock between them. An
 * event only marks a Service: what is done about it is worked out from the newest versions.
 */
public final class ChangeTracker implements SourceListener {

  /** All there is of one Service. */
  public record Input(Optional<Service> service, Collection<EndpointSlice> slices) {
    public Input {
      slices = List.copyOf(slices);
    }
  }

  /**
   * What happened since the last time.
   *
   * @param node the node as it is now; empty when it did not change
   * @param problems all objects that were skipped, and why; empty when that did not change
   * @param causes the objects that changed, not all of them where there are very many
   * @param changedObjects how many changed
   */
  public record Changes(
      Set<ServiceName> dirty,
      Optional<NodeInfo> node,
      Optional<List<Problem>> problems,
      List<Cause> causes,
      int changedObjects) {
    public boolean isEmpty() {
      return dirty.isEmpty() && node.isEmpty() && problems.isEmpty();
    }
  }

  /**
   * An EndpointSlice's change, of which is known what led to it and when.
   *
   * @param triggered when a pod or the Service changed so that the slice had to
   */
  public record Trigger(AddressFamily family, Instant triggered) {}

  /** Changes that are in the kernel now. */
  public record Applied(boolean inForce, List<Trigger> triggers) {
    public static final Applied NOTHING = new Applied(false, List.of());

    public Applied {
      triggers = List.copyOf(triggers);
    }
  }

  /**
   * How much there is and how much of it waits.
   *
   * @param serviceChanges since the start
   * @param sliceChanges since the start
   * @param pendingServices that changed and were not taken yet
   * @param pendingSlices that changed and were not taken yet
   * @param lastQueued when the loop was last given something to do
   * @param oldestQueued since when something waits to be in the kernel
   */
  public record Queue(
      long serviceChanges,
      long sliceChanges,
      int pendingServices,
      int pendingSlices,
      Optional<Instant> lastQueued,
      Optional<Instant> oldestQueued) {}

  /** All there is now. */
  public record Objects(
      List<Service> services,
      List<EndpointSlice> slices,
      Optional<NodeInfo> node,
      List<Problem> problems) {}

  /** Triggers kept while nothing can be applied; what is more says nothing new. */
  private static final int TRIGGER_LIMIT = 10_000;

  private final Map<ServiceName, Service> services = new HashMap<>();
  private final Map<ServiceName, Map<SliceName, EndpointSlice>> slices = new HashMap<>();
  private final Map<SliceName, ServiceName> owners = new HashMap<>();
  private Set<ServiceName> dirty = new TreeSet<>();
  private @Nullable NodeInfo newNode;
  private @Nullable List<Problem> newProblems;
  private @Nullable NodeInfo node;
  private List<Problem> problems = List.of();
  private boolean listed;
  private boolean eligible = true;
  private boolean woken;
  private final String nodeName;
  private final InstantSource clock;
  private final Instant began;
  private final ChangedObjects pending = new ChangedObjects();
  private final List<Trigger> triggers = new ArrayList<>();
  private int takenTriggers;
  private long serviceChanges;
  private long sliceChanges;
  private @Nullable Instant lastQueued;
  private @Nullable Instant queuedSince;
  private @Nullable Instant takenSince;

  /**
   * A tracker that knows nothing yet.
   *
   * @param nodeName the node whose changes count
   */
  public ChangeTracker(String nodeName) {
    this(nodeName, InstantSource.system());
  }

  public ChangeTracker(String nodeName, InstantSource clock) {
    this.nodeName = nodeName;
    this.clock = clock;
    this.began = clock.instant();
  }

  @Override
  public synchronized void service(Service service) {
    if (!service.equals(services.put(service.name(), service))) {
      serviceChanges++;
      pending.changed(service);
      mark(service.name());
    }
  }

  @Override
  public synchronized void serviceDeleted(ServiceName name) {
    if (services.remove(name) != null) {
      serviceChanges++;
      pending.deleted(name);
      mark(name);
    }
  }

  @Override
  public synchronized void slice(EndpointSlice slice) {
    ServiceName former = owners.put(slice.name(), slice.service());
    if (former != null && !former.equals(slice.service())) {
      removeSlice(former, slice.name());
    }
    Map<SliceName, EndpointSlice> ofService =
        slices.computeIfAbsent(slice.service(), name -> new TreeMap<>());
    EndpointSlice before = ofService.put(slice.name(), slice);
    if (before == null || !before.saysTheSameAs(slice)) {
      sliceChanges++;
      pending.changed(slice);
      if (slice.triggered().isAfter(began) && triggers.size() < TRIGGER_LIMIT) {
        triggers.add(new Trigger(slice.family(), slice.triggered()));
      }
      mark(slice.service());
    }
  }

  @Override
  public synchronized void sliceDeleted(SliceName name) {
    ServiceName owner = owners.remove(name);
    if (owner != null) {
      sliceChanges++;
      pending.deleted(name);
      removeSlice(owner, name);
    }
  }

  private void removeSlice(ServiceName owner, SliceName name) {
    Map<SliceName, EndpointSlice> ofService = slices.getOrDefault(owner, Map.of());
    ofService.remove(name);
    if (ofService.isEmpty()) {
      slices.remove(owner);
    }
    mark(owner);
  }

  @Override
  public synchronized void node(NodeInfo told) {
    if (told.name().equals(nodeName)) {
      node = told;
      newNode = told;
      eligible = told.eligible();
      queued();
      wake();
    }
  }

  @Override
  public synchronized void problems(List<Problem> all) {
    problems = List.copyOf(all);
    newProblems = problems;
    wake();
  }

  @Override
  public synchronized void listed() {
    listed = true;
    queued();
    wake();
  }

  private void mark(ServiceName name) {
    dirty.add(name);
    queued();
    wake();
  }

  /** Before everything is listed nothing can be done about a change, so none is late. */
  private void queued() {
    if (listed) {
      lastQueued = clock.instant();
      queuedSince = queuedSince == null ? lastQueued : queuedSince;
    }
  }

  /** Ends the current or the next wait, whether there is a change or not. */
  public synchronized void wake() {
    woken = true;
    notifyAll();
  }

  /** Whether every kind of object has been listed once; before that nothing may be programmed. */
  public synchronized boolean isListed() {
    return listed;
  }

  /** Waits until something happens, at most that long; whether something did. */
  public synchronized boolean await(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!woken) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      wait(left / 1_000_000, (int) (left % 1_000_000));
    }
    return true;
  }

  /** Waits until everything was listed once, at most that long; whether it was. */
  public synchronized boolean awaitListed(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!listed) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      wait(left / 1_000_000, (int) (left % 1_000_000));
    }
    return true;
  }

  /** Takes what happened; the next call answers what happens from now on. */
  public synchronized Changes take() {
    Changes changes =
        new Changes(
            dirty,
            Optional.ofNullable(newNode),
            Optional.ofNullable(newProblems),
            pending.causes(),
            pending.services() + pending.slices());
    dirty = new TreeSet<>();
    newNode = null;
    newProblems = null;
    woken = false;
    pending.clear();
    takenTriggers = triggers.size();
    takenSince = takenSince == null ? queuedSince : takenSince;
    queuedSince = null;
    return changes;
  }

  /** What was taken is in the kernel. */
  public synchronized Applied applied() {
    takenSince = null;
    List<Trigger> taken = triggers.subList(0, takenTriggers);
    Applied applied = new Applied(true, taken);
    taken.clear();
    takenTriggers = 0;
    return applied;
  }

  public synchronized Queue queue() {
    return new Queue(
        serviceChanges,
        sliceChanges,
        pending.services(),
        pending.slices(),
        Optional.ofNullable(lastQueued),
        Optional.ofNullable(takenSince == null ? queuedSince : takenSince));
  }

  public String nodeName() {
    return nodeName;
  }

  /** Whether load balancers may send this node something new; until the node says otherwise. */
  public synchronized boolean isNodeEligible() {
    return eligible;
  }

  /** All Services, in no order. */
  public synchronized List<Service> services() {
    return List.copyOf(services.values());
  }

  /** All of it at one moment, in no order. */
  public synchronized Objects objects() {
    return new Objects(
        List.copyOf(services.values()),
        slices.values().stream().flatMap(ofService -> ofService.values().stream()).toList(),
        Optional.ofNullable(node),
        problems);
  }

  public synchronized Input input(ServiceName name) {
    return new Input(
        Optional.ofNullable(services.get(name)), slices.getOrDefault(name, Map.of()).values());
  }

  /** All Services there are. */
  public synchronized Set<ServiceName> names() {
    return new HashSet<>(services.keySet());
  }

  /** How many endpoints all slices have together. */
  public synchronized int endpointCount() {
    return slices.values().stream()
        .flatMap(ofService -> ofService.values().stream())
        .mapToInt(slice -> slice.endpoints().size())
        .sum();
  }
}
