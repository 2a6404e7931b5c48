package io.kubeipvs.proxy.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.netlink.TableSize;
import io.kubeipvs.proxy.apply.TableWatch.Sight;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DisturbanceTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private Sight now = sight(1, 100);
  private boolean broken;
  private final Disturbance disturbance = new Disturbance(this::look);

  private Sight look() throws IOException {
    if (broken) {
      throw new IOException("no answer");
    }
    return now;
  }

  private static Sight sight(long generation, int entries) {
    return new Sight(
        OptionalLong.of(generation), Map.of("IPv4 nat", new TableSize(entries, entries * 100)));
  }

  private void looked(Duration took) {
    disturbance.synced(true, true, took, 0);
  }

  @Test
  void whatWeLeftIsNoDisturbance() {
    looked(Duration.ofMillis(10));
    assertThat(disturbance.isSeen(4 * SECOND)).isFalse();
    now = sight(2, 100);
    disturbance.synced(false, false, Duration.ofMillis(10), 5 * SECOND);
    assertThat(disturbance.isSeen(9 * SECOND)).as("our own change").isFalse();
  }

  @Test
  void anotherGenerationOrSizeIsSeenWithinSeconds() {
    looked(Duration.ofMillis(10));
    now = sight(2, 100);
    assertThat(disturbance.isSeen(4 * SECOND)).isTrue();
    now = sight(1, 99);
    assertThat(disturbance.isSeen(4 * SECOND)).isTrue();
  }

  @Test
  void whereOthersWriteAllTheTimeLooksCostATwentieth() {
    looked(Duration.ofSeconds(1));
    now = sight(2, 100);
    assertThat(disturbance.isSeen(3 * SECOND)).as("the first is looked at soon").isTrue();
    disturbance.synced(true, true, Duration.ofSeconds(1), 4 * SECOND);
    now = sight(3, 100);
    assertThat(disturbance.isSeen(23 * SECOND)).isFalse();
    assertThat(disturbance.isSeen(24 * SECOND)).isTrue();

    disturbance.synced(true, false, Duration.ofSeconds(1), 25 * SECOND);
    now = sight(4, 100);
    assertThat(disturbance.isSeen(28 * SECOND)).as("after one that was not in vain").isTrue();
  }

  @Test
  void whatCannotBeSeenIsNoDisturbance() {
    broken = true;
    looked(Duration.ofMillis(10));
    assertThat(disturbance.isSeen(4 * SECOND)).isFalse();
  }
}
