package io.kubeipvs.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What every other kernel test takes for granted about where it runs. */
@RequiresKernel({"ip_vs", "ip_set", "nf_conntrack_netlink", "dummy", "veth"})
@ExtendWith(FdLeakCheck.class)
final class LaneKernelIT {
  @Test
  void ipvsIsThereAndEmpty() {
    assertThat(Path.of("/proc/net/ip_vs")).content().doesNotContain("TCP", "UDP", "SCTP");
  }

  @Test
  void randomNumbersDoNotBlock() {
    Instant start = Instant.now();
    new SecureRandom().nextBytes(new byte[64]);
    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(5));
  }
}
