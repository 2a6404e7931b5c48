package io.kubeipvs.proxy.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RepeatLimitTest {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final RepeatLimit limit = new RepeatLimit();

  @Test
  void theSameLineIsSaidOnceInTenMinutesAndCounted() {
    assertThat(limit.of("trouble", 0)).contains("trouble");
    assertThat(limit.of("trouble", MINUTE)).isEmpty();
    assertThat(limit.of("trouble", 2 * MINUTE)).isEmpty();
    assertThat(limit.of("trouble", 10 * MINUTE)).contains("trouble (2 more times since)");
    assertThat(limit.of("trouble", 11 * MINUTE)).isEmpty();
  }

  @Test
  void anotherLineIsSaidAtOnce() {
    assertThat(limit.of("trouble", 0)).contains("trouble");
    assertThat(limit.of("other trouble", 1)).contains("other trouble");
  }

  @Test
  void afterItWasOverItIsNews() {
    assertThat(limit.of("trouble", 0)).contains("trouble");
    limit.over();
    assertThat(limit.of("trouble", 1)).contains("trouble");
  }

  @Test
  void theClockMayBeNegative() {
    assertThat(limit.of("trouble", -5 * MINUTE)).contains("trouble");
    assertThat(limit.of("trouble", 0)).isEmpty();
    assertThat(limit.of("trouble", 5 * MINUTE)).isPresent();
  }
}
