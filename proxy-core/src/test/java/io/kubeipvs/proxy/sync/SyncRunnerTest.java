package io.kubeipvs.proxy.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.netlink.Errno;
import io.kubeipvs.proxy.state.ChangeTracker;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SyncRunnerTest {
  private final Bench bench = new Bench();
  private final List<Boolean> inForce = new ArrayList<>();
  private final SyncRunner runner =
      new SyncRunner(
          bench.loop,
          bench.tracker,
          SyncSchedule.of(Duration.ZERO, Duration.ofSeconds(30)),
          Clock.systemUTC(),
          new SyncListener() {
            @Override
            public void synced(
                SyncReport report, SyncStatus status, ChangeTracker.Applied applied) {
              inForce.add(applied.inForce());
            }
          });

  @Test
  void syncThatLeftNothingUndoneIsInForce() throws IOException {
    bench.web("10.1.0.1");
    runner.once();

    assertThat(inForce).containsExactly(true);
    assertThat(bench.tracker.queue().oldestQueued()).isEmpty();
  }

  @Test
  void serverThatTheKernelRefusesKeepsNothingElseFromBeingInForce() throws IOException {
    bench.web("224.0.0.1");
    SyncReport report = runner.once();

    assertThat(report.failures()).isNotEmpty();
    assertThat(inForce).containsExactly(true);
  }

  @Test
  void withoutRulesNothingIsInForce() throws IOException {
    // Rules cannot be loaded without the sets they look into.
    bench.kernel.sets.refuse(
        command ->
            command instanceof SetCommand.Create ? Optional.of(Errno.ENOMEM) : Optional.empty());
    bench.web("10.1.0.1");
    runner.once();
    assertThat(inForce).containsExactly(false);
    assertThat(bench.tracker.queue().oldestQueued()).isPresent();

    bench.kernel.sets.refuse(command -> Optional.empty());
    runner.once();

    assertThat(inForce).containsExactly(false, true);
    assertThat(bench.tracker.queue().oldestQueued()).isEmpty();
  }
}
