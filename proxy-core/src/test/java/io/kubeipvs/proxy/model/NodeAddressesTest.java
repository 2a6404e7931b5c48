package io.kubeipvs.proxy.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NodeAddressesTest {
  private static final List<IpAddress> ALL =
      addresses(
          "127.0.0.1", "::1", "fe80::1", "169.254.20.10", "10.0.2.15", "10.244.0.1", "fd00::15");

  @Test
  void loopbackAndLinkLocalServeNothing() {
    NodeAddresses chosen = NodeAddresses.choose(ALL, List.of());
    assertThat(chosen.local())
        .containsExactlyElementsOf(
            addresses("10.0.2.15", "10.244.0.1", "169.254.20.10", "fd00::15"));
    assertThat(chosen.nodePorts()).isEqualTo(chosen.local());
  }

  @Test
  void aRangeChoosesInItsFamilyOnly() {
    NodeAddresses chosen = NodeAddresses.choose(ALL, List.of(IpPrefix.of("10.0.0.0/16")));
    assertThat(chosen.nodePorts()).containsExactlyElementsOf(addresses("10.0.2.15", "fd00::15"));
    assertThat(chosen.local()).hasSize(4);
  }

  @Test
  void aRangeOfEverythingChoosesAll() {
    NodeAddresses all = NodeAddresses.choose(ALL, List.of());
    assertThat(NodeAddresses.choose(ALL, List.of(IpPrefix.of("0.0.0.0/0")))).isEqualTo(all);
  }

  private static List<IpAddress> addresses(String... literals) {
    return Stream.of(literals).map(IpAddress::of).toList();
  }
}
