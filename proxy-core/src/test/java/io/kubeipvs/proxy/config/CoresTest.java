package io.kubeipvs.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoresTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"0|1", "0-3|4", "0-3,8|5", "1,3,5-6|4"})
  void listsOfTheKernelAreCounted(String list, int cores) {
    assertThat(Cores.count(list)).isEqualTo(cores);
  }

  @Test
  void thisProcessRunsSomewhere() {
    assertThat(Cores.allowed()).isBetween(1, 8192);
  }
}
