package io.kubeipvs.proxy.check.facts;

import io.kubeipvs.ipset.ObservedSet;
import io.kubeipvs.proxy.config.KernelVersion;
import io.kubeipvs.proxy.inspect.Part;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Everything checks look at.
 *
 * @param release {@code 6.1.0-31-amd64}
 * @param sets those with our names
 * @param lock who holds the lock of legacy iptables, if somebody does for long
 * @param processes others than this one, in this network namespace
 * @param seesAllProcesses whether those are all; a container without the host's processes sees its
 *     own only
 * @param sockets that listen in this network namespace
 * @param dropped connections that connection tracking had no room for, since the machine started
 * @param api empty when nobody said where the API is
 * @param drift what a sync would do now
 */
public record NodeFacts(
    Instant now,
    String release,
    Modules modules,
    Rights rights,
    Sysctls sysctls,
    Part<Balancing> balancing,
    Part<List<ObservedSet>> sets,
    Part<Network> network,
    Part<Rules> rules,
    Optional<LockHold> lock,
    List<NodeProcess> processes,
    boolean seesAllProcesses,
    List<NodeSocket> sockets,
    Part<TrackingDrops> dropped,
    Optional<ApiState> api,
    Part<List<String>> drift,
    Wanted wanted) {

  public NodeFacts {
    processes = List.copyOf(processes);
    sockets = List.copyOf(sockets);
  }

  public Optional<KernelVersion> version() {
    return KernelVersion.parse(release);
  }
}
