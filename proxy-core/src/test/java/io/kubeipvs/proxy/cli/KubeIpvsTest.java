package io.kubeipvs.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubeIpvsTest {
  /** As the kernel starts the interpreter of a script: its path, then the arguments. */
  @ParameterizedTest
  @CsvSource({
    "/usr/bin/kube-ipvs, --version, 0",
    "/usr/local/bin/kube-proxy, --version, 0",
    "/usr/bin/kube-ipvs, no-such-command, 2",
  })
  void withoutANameItIsCalledByTheFirstArgument(String path, String argument, int exitCode) {
    assertThat(KubeIpvs.start("", path, argument)).isEqualTo(exitCode);
  }

  @ParameterizedTest
  @CsvSource({"--version, 0", "no-such-command, 2"})
  void withANameAllArgumentsAreTheUsers(String argument, int exitCode) {
    assertThat(KubeIpvs.start("kube-ipvs", argument)).isEqualTo(exitCode);
  }
}
