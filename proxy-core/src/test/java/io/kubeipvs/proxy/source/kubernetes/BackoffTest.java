package io.kubeipvs.proxy.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final Backoff backoff =
      new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10), new Random(1));

  @Test
  void waitsGrowToTheLimitAndAreNeverLessThanHalf() {
    for (int full : new int[] {1, 2, 4, 8, 10, 10, 10}) {
      assertThat(backoff.next())
          .isBetween(Duration.ofMillis(full * 500L), Duration.ofSeconds(full));
    }
  }

  @Test
  void afterASuccessTheyBeginAnew() {
    backoff.next();
    backoff.next();
    backoff.succeeded();
    assertThat(backoff.next()).isLessThanOrEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void twoNodesDoNotWaitTheSame() {
    Backoff other = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10), new Random(2));
    assertThat(backoff.next()).isNotEqualTo(other.next());
  }
}
