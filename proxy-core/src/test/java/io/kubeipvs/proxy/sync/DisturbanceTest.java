package io.kubeipvs.proxy.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.netlink.TableSize;
import io.kubeipvs.proxy.apply.TableWatch.Sight;
import io.kubeipvs.proxy.sync.Disturbance.Suspicion;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DisturbanceTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private Sight now = sight(1, 100);
  private boolean broken;
  private boolean flushed;
  private final Disturbance disturbance =
      new Disturbance(
          new Disturbance.Sights() {
            @Override
            public Sight look() throws IOException {
              if (broken) {
                throw new IOException("no answer");
              }
              return now;
            }

            @Override
            public boolean leadsToUs() {
              return !flushed;
            }
          });

  private static Sight sight(long generation, int entries) {
    return new Sight(
        OptionalLong.of(generation), Map.of("IPv4 nat", new TableSize(entries, entries * 100)));
  }

  /** A look of the period, at time 0, which finds nothing to do. */
  private void looked() {
    disturbance.suspicion(0);
    disturbance.looked(false, true, Duration.ofMillis(10), 0);
  }

  @Test
  void whatWeLeftIsNoDisturbance() {
    looked();
    assertThat(disturbance.suspicion(4 * SECOND)).isEqualTo(Suspicion.NONE);
    now = sight(2, 100);
    disturbance.changed(true);
    assertThat(disturbance.suspicion(9 * SECOND)).as("our own change").isEqualTo(Suspicion.NONE);
  }

  @Test
  void anotherGenerationOrSizeIsSeenWithinSeconds() {
    looked();
    now = sight(2, 100);
    assertThat(disturbance.suspicion(2 * SECOND)).as("so soon").isEqualTo(Suspicion.NONE);
    assertThat(disturbance.suspicion(4 * SECOND)).isEqualTo(Suspicion.OTHERS_WROTE);
    looked();
    now = sight(2, 99);
    assertThat(disturbance.suspicion(4 * SECOND)).isEqualTo(Suspicion.OTHERS_WROTE);
  }

  @Test
  void changesOfOursDoNotCoverThatOfSomebodyBeforeThem() {
    looked();
    for (long second = 1; second < 3; second++) {
      now = sight(2 * second, 100); // somebody, within the second before our change
      assertThat(disturbance.suspicion(second * SECOND)).isEqualTo(Suspicion.NONE);
      now = sight(2 * second + 1, 100);
      disturbance.changed(true);
    }
    assertThat(disturbance.suspicion(3 * SECOND)).isEqualTo(Suspicion.OTHERS_WROTE);
  }

  @Test
  void whatOthersDoDuringALookIsSeenAfterIt() {
    disturbance.suspicion(0);
    now = sight(2, 100);
    disturbance.looked(false, true, Duration.ofMillis(10), 0);
    assertThat(disturbance.suspicion(4 * SECOND)).isEqualTo(Suspicion.OTHERS_WROTE);
  }

  @Test
  void aLookThatWroteRulesIsFollowedByOneMore() {
    disturbance.suspicion(0);
    now = sight(2, 100); // by us, and perhaps by others
    disturbance.looked(true, false, Duration.ofSeconds(1), 0);
    assertThat(disturbance.suspicion(2 * SECOND)).isEqualTo(Suspicion.NONE);
    assertThat(disturbance.suspicion(3 * SECOND)).isEqualTo(Suspicion.UNSURE);
    disturbance.looked(false, true, Duration.ofSeconds(1), 4 * SECOND);
    assertThat(disturbance.suspicion(60 * SECOND)).isEqualTo(Suspicion.NONE);
  }

  @Test
  void whereEachLookWritesThereIsNoThird() {
    disturbance.suspicion(0);
    disturbance.looked(true, false, Duration.ofSeconds(1), 0);
    assertThat(disturbance.suspicion(3 * SECOND)).isEqualTo(Suspicion.UNSURE);
    disturbance.looked(true, false, Duration.ofSeconds(1), 4 * SECOND);
    assertThat(disturbance.suspicion(60 * SECOND)).isEqualTo(Suspicion.NONE);
  }

  @Test
  void whereOthersWriteAllTheTimeLooksCostATwentieth() {
    looked();
    now = sight(2, 100);
    assertThat(disturbance.suspicion(3 * SECOND))
        .as("the first is looked at soon")
        .isEqualTo(Suspicion.OTHERS_WROTE);
    disturbance.looked(false, true, Duration.ofSeconds(1), 4 * SECOND);
    now = sight(3, 100);
    assertThat(disturbance.suspicion(23 * SECOND)).isEqualTo(Suspicion.NONE);
    assertThat(disturbance.suspicion(24 * SECOND)).isEqualTo(Suspicion.OTHERS_WROTE);

    disturbance.looked(true, false, Duration.ofSeconds(1), 25 * SECOND);
    now = sight(4, 100);
    assertThat(disturbance.suspicion(28 * SECOND))
        .as("after one that was not in vain")
        .isEqualTo(Suspicion.OTHERS_WROTE);
  }

  @Test
  void aFlushIsSeenAtOnceEvenWhereOthersWriteAllTheTime() {
    looked();
    now = sight(2, 100);
    disturbance.suspicion(3 * SECOND);
    disturbance.looked(false, true, Duration.ofSeconds(5), 4 * SECOND);
    now = sight(3, 100);
    assertThat(disturbance.suspicion(6 * SECOND)).as("theirs").isEqualTo(Suspicion.NONE);
    now = sight(4, 100);
    flushed = true;
    assertThat(disturbance.suspicion(7 * SECOND)).isEqualTo(Suspicion.OTHERS_WROTE);

    disturbance.looked(true, false, Duration.ofSeconds(5), 8 * SECOND);
    now = sight(5, 100);
    assertThat(disturbance.suspicion(9 * SECOND))
        .as("where the rule could not be written, asking again and again is of no use")
        .isEqualTo(Suspicion.NONE);
  }

  @Test
  void whatCannotBeSeenIsNoDisturbance() {
    looked();
    broken = true;
    assertThat(disturbance.suspicion(4 * SECOND)).isEqualTo(Suspicion.NONE);
    disturbance.changed(true);
    broken = false;
    assertThat(disturbance.suspicion(5 * SECOND)).isEqualTo(Suspicion.NONE);
  }
}
