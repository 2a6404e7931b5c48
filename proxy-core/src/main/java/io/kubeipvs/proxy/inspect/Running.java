package io.kubeipvs.proxy.inspect;

import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.proxy.diff.ServerPlace;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What only a running daemon knows.
 *
 * @param drains servers that go when their connections have ended, or at that time
 * @param refusedSchedulers those the kernel was found not to offer
 * @param fallbackReason what the kernel lacks for IPVS mode, where that was asked for
 */
public record Running(
    List<Drain> drains, List<Scheduler> refusedSchedulers, Optional<String> fallbackReason) {
  public static final Running NOTHING = new Running(List.of(), List.of());

  /** In the mode that was asked for. */
  public Running(List<Drain> drains, List<Scheduler> refusedSchedulers) {
    this(drains, refusedSchedulers, Optional.empty());
  }

  public Running {
    drains = List.copyOf(drains);
    refusedSchedulers = List.copyOf(refusedSchedulers);
  }

  /** A server whose connections may last until then. */
  public record Drain(ServerPlace place, Instant deadline) {}
}
