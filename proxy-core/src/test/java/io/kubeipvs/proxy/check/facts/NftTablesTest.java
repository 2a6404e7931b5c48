package io.kubeipvs.proxy.check.facts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NftTablesTest {
  /** {@code nft list tables} of nft 1.0.6, beside the tables of iptables-nft. */
  private static final String LISTED =
      """
      table ip nat
      table ip kube-proxy
      table ip6 kube-proxy
      table inet kube-proxy
      table ip kube-proxy-notes
      """;

  @Test
  void thoseOfKubeProxyAreFoundAndNoOthers() {
    assertThat(NftTables.ofKubeProxy(LISTED)).containsExactly("ip kube-proxy", "ip6 kube-proxy");
    assertThat(NftTables.ofKubeProxy("")).isEmpty();
  }
}
