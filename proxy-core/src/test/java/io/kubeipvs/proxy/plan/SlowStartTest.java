package io.kubeipvs.proxy.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlowStartTest {
  private final SlowStart slowStart = new SlowStart(Duration.ofSeconds(90));

  @Test
  void weightGrowsByATenthInEqualTimes() {
    List<Integer> weights =
        IntStream.rangeClosed(0, 9).mapToObj(i -> weightAfter(10 * i, 30)).toList();

    assertThat(weights).containsExactly(3, 6, 9, 12, 15, 18, 21, 24, 27, 30);
    assertThat(weightAfter(9, 30)).isEqualTo(3);
    assertThat(weightAfter(89, 30)).isEqualTo(27);
    assertThat(weightAfter(1000, 30)).isEqualTo(30);
  }

  @Test
  void stepsFollowEachOtherToTheEnd() {
    for (long nanos : new long[] {1, 8, 100, 1_000_003, Long.MAX_VALUE}) {
      SlowStart each = new SlowStart(Duration.ofNanos(nanos));
      List<Duration> steps = new ArrayList<>();
      for (Duration at = Duration.ZERO; !each.isOver(at); at = each.nextStep(at)) {
        assertThat(each.nextStep(at)).isGreaterThan(at);
        steps.add(at);
      }
      assertThat(steps).hasSizeBetween(1, SlowStart.STEPS - 1);
      assertThat(each.weight(10, Duration.ofNanos(nanos))).isEqualTo(10);
    }
  }

  @Test
  void aWeightTellsHowFarAServerIs() {
    for (int step = 0; step < 9; step++) {
      Duration elapsed = Duration.ofSeconds(10L * step);
      assertThat(slowStart.elapsedAt(30, weightAfter(10 * step, 30))).isEqualTo(elapsed);
    }
    for (int other : new int[] {1, 4, 30, 31}) {
      assertThat(slowStart.isOver(slowStart.elapsedAt(30, other))).isTrue();
    }
  }

  @Test
  void weightsWithoutRoomForAllStepsNeverLoseTheServer() {
    assertThat(SlowStart.scale(1)).isEqualTo(10);
    assertThat(SlowStart.scale(6553)).isEqualTo(10);
    assertThat(SlowStart.scale(6554)).isEqualTo(9);
    assertThat(SlowStart.scale(65_535)).isEqualTo(1);
    assertThat(weightAfter(0, 1)).isEqualTo(1);
    assertThat(weightAfter(0, 65_535)).isEqualTo(6553);
  }

  private int weightAfter(int seconds, int full) {
    return slowStart.weight(full, Duration.ofSeconds(seconds));
  }
}
