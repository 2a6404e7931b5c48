package io.kubeipvs.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.state.ChangeTracker;
import io.kubeipvs.proxy.sync.SyncReport;
import io.kubeipvs.proxy.sync.SyncStatus;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeapTrimTest {
  private int collections;
  private final HeapTrim trim = new HeapTrim(Runnable::run, () -> collections++);

  @Test
  void memoryIsGivenBackAfterMuchAndNotAfterLittle() {
    did(HeapTrim.MANY_OPERATIONS - 1);
    assertThat(collections).isZero();
    did(1);
    assertThat(collections).isEqualTo(1);
    did(1);
    assertThat(collections).isEqualTo(1);
    did(HeapTrim.MANY_OPERATIONS * 5);
    assertThat(collections).isEqualTo(2);
  }

  @Test
  void andAfterSomeWhenItRests() {
    did(HeapTrim.SOME_OPERATIONS);
    assertThat(collections).isZero();
    did(0);
    assertThat(collections).isEqualTo(1);
    did(HeapTrim.SOME_OPERATIONS - 1);
    did(0);
    assertThat(collections).isEqualTo(1);
  }

  private void did(int operations) {
    trim.synced(
        new SyncReport(
            false,
            1,
            Collections.nCopies(operations, new Operation.AddDevice("kube-ipvs0")),
            List.of(),
            List.of(),
            Map.of(),
            0,
            Duration.ZERO),
        SyncStatus.NEVER,
        ChangeTracker.Applied.NOTHING);
  }
}
