package io.kubeipvs.proxy.inspect.memory;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.apply.Executor;
import io.kubeipvs.proxy.apply.Kernel;
import io.kubeipvs.proxy.apply.KernelObserver;
import io.kubeipvs.proxy.apply.Observation;
import io.kubeipvs.proxy.inspect.Cluster;
import io.kubeipvs.proxy.inspect.KernelState;
import io.kubeipvs.proxy.inspect.Running;
import io.kubeipvs.proxy.inspect.Snapshot;
import io.kubeipvs.proxy.state.ChangeTracker;
import io.kubeipvs.proxy.state.DesiredState;
import io.kubeipvs.proxy.state.IptablesState;
import io.kubeipvs.proxy.sync.IptablesLoop;
import io.kubeipvs.proxy.sync.SyncLoop;
import io.kubeipvs.proxy.sync.SyncReport;
import io.kubeipvs.proxy.sync.SyncSettings;
import io.kubeipvs.proxy.sync.SyncStatus;
import io.kubeipvs.proxy.sync.Syncer;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The daemon's own loop on a kernel in memory: what it would do, and what it would want to be
 * there. There is no second planner that could be of another opinion.
 *
 * <p>Differs from a sync of a running daemon in what only that remembers: where a snapshot has no
 * {@link Running} part, draining servers have all the time they like, and a new server that starts
 * slowly is as far as its weight says.
 */
public final class DryRun {
  private final MemoryKernel kernel;
  private final String deviceName;
  private final ChangeTracker tracker;
  private final Syncer loop;
  private final Instant now;

  /** Makes the loop of a daemon with the snapshot's settings. */
  @FunctionalInterface
  public interface Loop {
    Syncer on(Kernel kernel, ChangeTracker tracker);
  }

  /**
   * @param nodeName whose changes count
   * @param loop called once
   * @param deviceName of the device that stands for IPVS
   */
  public DryRun(Snapshot snapshot, String nodeName, Loop loop, String deviceName) {
    Running running = snapshot.running().orElse(Running.NOTHING);
    this.kernel = new MemoryKernel(snapshot.kernel(), Set.copyOf(running.refusedSchedulers()));
    this.deviceName = deviceName;
    this.now = snapshot.taken();
    this.tracker = new ChangeTracker(nodeName);
    this.loop = loop.on(kernel.gateways(), tracker);
  }

  /** The loop of IPVS mode. */
  public static Loop ipvs(Function<Kernel, SyncSettings> settings, String deviceName) {
    return (kernel, tracker) ->
        new SyncLoop(
            tracker,
            new KernelObserver(kernel, deviceName),
            new Executor(kernel),
            settings.apply(kernel));
  }

  /** What a sync does when the cluster asks for that. */
  public SyncReport sync(Cluster cluster) throws IOException {
    replace(cluster);
    return loop.syncOnce(true, now);
  }

  /** Tells what is new, what is different, and what is gone. */
  private void replace(Cluster cluster) {
    ChangeTracker.Objects former = tracker.objects();
    Set<Object> staying = new HashSet<>();
    cluster.services().forEach(service -> staying.add(service.name()));
    cluster.slices().forEach(slice -> staying.add(slice.name()));
    former.services().stream()
        .filter(service -> !staying.contains(service.name()))
        .forEach(service -> tracker.serviceDeleted(service.name()));
    former.slices().stream()
        .filter(slice -> !staying.contains(slice.name()))
        .forEach(slice -> tracker.sliceDeleted(slice.name()));
    cluster.tell(tracker);
  }

  /** A look at the kernel as it is now. */
  public Observation observe() throws IOException {
    return new KernelObserver(kernel.gateways(), deviceName).observe();
  }

  /** What the kernel holds now, in all detail. */
  public KernelState kernel() {
    return kernel.state();
  }

  /** What should be in the kernel, after {@link #sync}; nothing in iptables mode. */
  public DesiredState desired() {
    return loop instanceof SyncLoop ofIpvs ? ofIpvs.desired() : new DesiredState();
  }

  /** What each family's tables should hold, after {@link #sync}; nothing in IPVS mode. */
  public Map<AddressFamily, IptablesState> rules() {
    return loop instanceof IptablesLoop ofRules ? ofRules.desired() : Map.of();
  }

  public SyncStatus status() {
    return loop.status();
  }
}
