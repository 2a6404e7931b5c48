package io.kubeipvs.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SysctlPlanTest {
  @ParameterizedTest
  @CsvSource({
    "3.10.0-1160.el7, false",
    "4.0.9, false",
    "4.1.0, true",
    "4.19.0-26-amd64, true",
    "5.8.18, true",
    "5.9.0, false",
    "6.1.0-31-amd64, false",
    "5.10, false"
  })
  void connReuseModeIsWrittenOnlyWhereTheKernelNeedsIt(String release, boolean written) {
    List<String> keys = SysctlPlan.of(version(release), false).stream().map(Sysctl::key).toList();

    assertThat(keys.contains("net/ipv4/vs/conn_reuse_mode")).isEqualTo(written);
  }

  @ParameterizedTest
  @CsvSource({"true,2", "false,0"})
  void strictArpSetsTwoKeys(boolean strict, int count) {
    assertThat(SysctlPlan.of(version("6.1.0"), strict))
        .filteredOn(sysctl -> sysctl.key().contains("/arp_"))
        .hasSize(count);
  }

  private static KernelVersion version(String release) {
    return KernelVersion.parse(release).orElseThrow();
  }
}
