package io.kubeipvs.proxy.check.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NftTablesTest {
  @Test
  void thoseOfKubeProxyAreFoundAndNoOthers() {
    List<String> all =
        List.of(
            "ip nat", "ip kube-proxy", "ip6 kube-proxy", "inet kube-proxy", "ip kube-proxy-notes");
    assertThat(NftTables.ofKubeProxy(all)).containsExactly("ip kube-proxy", "ip6 kube-proxy");
    assertThat(NftTables.ofKubeProxy(List.of())).isEmpty();
  }
}
