package io.kubeipvs.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreflightTest {
  /**
   * Without node ports on loopback nobody writes the rule that keeps neighbours from there, so the
   * setting that lets them in must not be made (CVE-2020-8558).
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "--iptables-sync-period=30s; true",
        "--iptables-localhost-nodeports=false; false",
        "--nodeport-addresses=primary; false",
        "--nodeport-addresses=primary,127.0.0.0/8; true",
        "--nodeport-addresses=primary,2001:db8::/64; false",
        "--nodeport-addresses=192.0.2.0/24; false",
        "--nodeport-addresses=2001:db8::/64; true",
      })
  void loopbackIsOpenedOnlyWhereNodePortsAreServedThere(String flag, boolean open)
      throws StartupException {
    ProxyOptions options = RunFlags.parse(List.of("--mode=iptables", flag));
    assertThat(Preflight.servesNodePortsOnLoopback(options)).isEqualTo(open);
  }
}
