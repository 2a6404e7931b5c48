package io.kubeipvs.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConntrackSettingsTest {
  private static ConntrackSettings limits(int maxPerCore, int min) {
    return new ConntrackSettings(
        maxPerCore, min, Duration.ZERO, Duration.ZERO, false, Duration.ZERO, Duration.ZERO);
  }

  @ParameterizedTest
  @CsvSource({
    // per core, at least, processors, present, set
    "32768, 131072, 2, 65536, 131072",
    "32768, 131072, 8, 65536, 262144",
    "32768, 131072, 2, 262144, 0",
    "0, 131072, 2, 65536, 0",
    "32768, 131072, 64, 65536, 1048576",
    "2000000000, 131072, 2, 65536, 1048576",
  })
  void theLimitIsOnlyEverRaised(int perCore, int min, int processors, int present, int set) {
    List<Integer> values =
        limits(perCore, min).sysctls(processors, present).stream().map(Sysctl::value).toList();
    assertThat(values).isEqualTo(set == 0 ? List.of() : List.of(set));
  }

  @Test
  void whatIsZeroIsLeftToTheKernel() {
    assertThat(limits(0, 0).sysctls(2, 65536)).isEmpty();
    assertThat(
            new ConntrackSettings(
                    0,
                    0,
                    Duration.ofHours(24),
                    Duration.ofHours(1),
                    true,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(120))
                .sysctls(2, 65536))
        .extracting(Sysctl::toString)
        .containsExactly(
            "net.netfilter.nf_conntrack_tcp_timeout_established = 86400",
            "net.netfilter.nf_conntrack_tcp_timeout_close_wait = 3600",
            "net.netfilter.nf_conntrack_udp_timeout = 30",
            "net.netfilter.nf_conntrack_udp_timeout_stream = 120",
            "net.netfilter.nf_conntrack_tcp_be_liberal = 1");
  }
}
