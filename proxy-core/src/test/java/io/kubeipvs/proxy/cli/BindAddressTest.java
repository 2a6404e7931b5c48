package io.kubeipvs.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BindAddressTest {
  @ParameterizedTest
  @CsvSource({
    "0.0.0.0:10256, /0.0.0.0:10256",
    "127.0.0.1, /127.0.0.1:99",
    "[::1]:80, /[0:0:0:0:0:0:0:1]:80",
    "[::], /[0:0:0:0:0:0:0:0]:99",
    "::1, /[0:0:0:0:0:0:0:1]:99"
  })
  void addressesAreWrittenInSeveralWays(String text, String expected) {
    assertThat(BindAddress.parse(text, 99).address().orElseThrow()).hasToString(expected);
  }

  @Test
  void nothingIsNowhere() {
    assertThat(BindAddress.parse("", 99).address()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost:80", "1.2.3.4:0", "1.2.3.4:65536", "1.2.3.4:x", ":80", "[::1"})
  void otherTextIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> BindAddress.parse(text, 99));
  }
}
