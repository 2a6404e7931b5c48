package io.kubeipvs.proxy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.proxy.check.facts.Rules;
import io.kubeipvs.proxy.inspect.Part;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LeftoverTablesTest {
  private final GivenNode node = new GivenNode();

  @Test
  void tablesOfNftablesModeAreAWarningWhereWeServe() {
    leave("ip kube-proxy", "ip6 kube-proxy");

    assertThat(look().severity()).isEqualTo(Severity.WARNING);
    assertThat(look().reason()).startsWith("tables of a kube-proxy in nftables mode are left");
    assertThat(look().evidence())
        .containsExactly("nft: table ip kube-proxy", "nft: table ip6 kube-proxy");
    assertThat(look().remedy())
        .isEqualTo(
            "stop that kube-proxy, then `nft delete table ip kube-proxy; nft delete table ip6"
                + " kube-proxy`");
  }

  @Test
  void beforeTheChangeOfProxiesTheyAreNoFault() {
    node.balancing = Part.missing("this kernel has no IPVS");
    node.processes.clear();
    leave("ip kube-proxy");

    assertThat(look().severity()).isEqualTo(Severity.INFO);
  }

  @Test
  void withoutThemAllIsWell() {
    assertThat(look().severity()).isEqualTo(Severity.OK);
  }

  private void leave(String... tables) {
    node.rules =
        Part.of(
            new Rules(
                "iptables-nft",
                List.of(GivenNode.view("nf_tables", "")),
                List.of(),
                Map.of(),
                List.of(tables)));
  }

  private Finding look() {
    List<Finding> findings = new LeftoverRulesCheck().look(node.facts());
    assertThat(findings).hasSize(1);
    return findings.get(0);
  }
}
