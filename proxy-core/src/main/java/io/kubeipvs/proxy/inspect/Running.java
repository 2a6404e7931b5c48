package io.kubeipvs.proxy.inspect;

import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.proxy.diff.ServerPlace;
import java.time.Instant;
import java.util.List;

/**
 * What only a running daemon knows.
 *
 * @param drains servers that go when their connections have ended, or at that time
 * @param refusedSchedulers those the kernel was found not to offer
 */
public record Running(List<Drain> drains, List<Scheduler> refusedSchedulers) {
  public static final Running NOTHING = new Running(List.of(), List.of());

  public Running {
    drains = List.copyOf(drains);
    refusedSchedulers = List.copyOf(refusedSchedulers);
  }

  /** A server whose connections may last until then. */
  public record Drain(ServerPlace place, Instant deadline) {}
}
