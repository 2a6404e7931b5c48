package io.kubeipvs.proxy.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListJudgeTest {
  @ParameterizedTest
  @CsvSource({
    // known, missing, witness missing
    "100,   0, false, BELIEVE",
    "100,  25, false, BELIEVE",
    "100,  26, false, CONFIRM",
    "100, 100, false, CONFIRM",
    "  2,   1, false, BELIEVE",
    "  2,   2, false, CONFIRM",
    "100,   1, true,  REFUSE",
    "100, 100, true,  REFUSE",
  })
  void whatAListLacks(int known, int missing, boolean witnessMissing, ListJudge verdict) {
    assertThat(ListJudge.judge(known, missing, witnessMissing)).isEqualTo(verdict);
  }
}
