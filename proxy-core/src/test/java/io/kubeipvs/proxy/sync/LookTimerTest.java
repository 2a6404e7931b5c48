package io.kubeipvs.proxy.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LookTimerTest {
  private static final long SECOND = 1_000_000_000L;

  private final LookTimer timer =
      new LookTimer(SyncSchedule.of(Duration.ZERO, Duration.ofSeconds(30)));

  @Test
  void firstSyncLooks() {
    assertThat(timer.isDue(-5 * SECOND)).isTrue();
  }

  @Test
  void nextLookIsAPeriodAfterTheLast() {
    timer.synced(true, true, 0);

    assertThat(timer.isDue(29 * SECOND)).isFalse();
    assertThat(timer.sleep(false, 10 * SECOND)).isEqualTo(Duration.ofSeconds(20));
    assertThat(timer.isDue(30 * SECOND)).isTrue();
  }

  @Test
  void changesInBetweenDoNotPutTheLookOff() {
    timer.synced(true, true, 0);
    timer.synced(false, true, 29 * SECOND);

    assertThat(timer.isDue(30 * SECOND)).isTrue();
  }

  @Test
  void failuresAreTriedAgainAfterDoublingTimesUpToThePeriod() {
    int[] seconds = {1, 2, 4, 8, 16, 30, 30};
    long now = 0;
    for (int wait : seconds) {
      timer.synced(true, false, now);
      assertThat(timer.sleep(false, now)).isEqualTo(Duration.ofSeconds(wait));
      now += wait * SECOND;
    }
  }

  @Test
  void failureOfASmallSyncBringsTheLookForward() {
    timer.synced(true, true, 0);
    timer.synced(false, false, 5 * SECOND);

    assertThat(timer.isDue(6 * SECOND)).isTrue();
  }

  @Test
  void successOfASmallSyncDoesNotCallOffTheRetry() {
    timer.synced(true, false, 0);
    timer.synced(false, true, SECOND / 2);

    assertThat(timer.isDue(SECOND)).isTrue();
  }

  @Test
  void drainingIsLookedAtOftener() {
    timer.synced(true, true, 0);

    assertThat(timer.sleep(true, 0)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void clockThatWrapsIsNoTrouble() {
    long late = Long.MAX_VALUE - SECOND;
    timer.synced(true, true, late);

    assertThat(timer.isDue(late + 29 * SECOND)).isFalse();
    assertThat(timer.isDue(late + 31 * SECOND)).isTrue();
  }
}
