package io.kubeipvs.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IptablesVersionTest {

  @ParameterizedTest
  @CsvSource({
    "iptables v1.8.9 (nf_tables), 1.8.9 (nf_tables), true, true, false",
    "ip6tables v1.8.9 (legacy), 1.8.9 (legacy), true, true, false",
    "iptables v1.8.7 (legacy), 1.8.7 (legacy), true, true, true",
    "iptables v1.6.2, 1.6.2 (legacy), true, true, true",
    "iptables v1.6.1, 1.6.1 (legacy), false, false, true",
    "iptables v1.4.21, 1.4.21 (legacy), false, false, true",
    "iptables v1.10, 1.10.0 (legacy), true, true, false",
  })
  void theVersionSaysWhatTheToolCanDo(
      String text, String printed, boolean randomFully, boolean wait, boolean pollsSlowly) {
    IptablesVersion version = IptablesVersion.parse(text + "\n").orElseThrow();
    assertThat(version).hasToString(printed);
    assertThat(version.hasRandomFully()).isEqualTo(randomFully);
    assertThat(version.restoreCanWait()).isEqualTo(wait);
    assertThat(version.restorePollsSlowly()).isEqualTo(pollsSlowly);
  }

  @Test
  void otherTextIsNoVersion() {
    assertThat(IptablesVersion.parse("bash: iptables: command not found")).isEmpty();
    assertThat(IptablesVersion.parse("")).isEmpty();
  }
}
