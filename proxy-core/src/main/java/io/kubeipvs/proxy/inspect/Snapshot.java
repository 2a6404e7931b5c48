package io.kubeipvs.proxy.inspect;

import java.time.Instant;
import java.util.List;

/**
 * All that the commands {@code list}, {@code plan} and {@code explain} look at, as it was at one
 * time. Holds no secrets: of credentials not even the place.
 *
 * @param program its version
 * @param flags settings in force, as flags of {@code run}; what has its default is not among them
 * @param cluster what is asked for
 * @param running missing when no daemon was asked
 */
public record Snapshot(
    Instant taken,
    String program,
    List<String> flags,
    Part<Cluster> cluster,
    Part<Running> running,
    KernelState kernel) {

  public Snapshot {
    flags = List.copyOf(flags);
  }

  /** The same about another kernel, or about this one at another time. */
  public Snapshot with(KernelState other) {
    return new Snapshot(taken, program, flags, cluster, running, other);
  }
}
