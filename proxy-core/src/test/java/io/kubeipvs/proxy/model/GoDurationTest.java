package io.kubeipvs.proxy.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {
  @ParameterizedTest
  @CsvSource({
    "0,0",
    "30s,30000",
    "1m30s,90000",
    "1h,3600000",
    "250ms,250",
    "1.5s,1500",
    ".5s,500",
    "-2s,-2000"
  })
  void readsWhatGoWrites(String text, long milliseconds) {
    assertThat(GoDuration.parse(text)).contains(Duration.ofMillis(milliseconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "30", "s", "1x", "1s2", "--1s", "1s-2s", "9999999h", "١s"})
  void refusesTheRest(String text) {
    assertThat(GoDuration.parse(text)).isEmpty();
  }

  @Test
  void keepsNanoseconds() {
    assertThat(GoDuration.parse("1us1ns")).contains(Duration.ofNanos(1_001));
  }
}
