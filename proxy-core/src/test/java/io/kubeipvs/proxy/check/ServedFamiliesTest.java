package io.kubeipvs.proxy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.iptables.Family;
import io.kubeipvs.proxy.check.facts.Modules;
import io.kubeipvs.proxy.check.facts.Rules;
import io.kubeipvs.proxy.inspect.Part;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServedFamiliesTest {
  private final GivenNode node = new GivenNode();

  @Test
  void bothFamiliesAreFine() {
    assertThat(new ToolsCheck().look(node.facts())).hasSize(1);
  }

  @Test
  void aFamilyWithoutItsToolIsSaid() {
    node.rules =
        Part.of(
            new Rules(
                "iptables-nft",
                List.of(GivenNode.view("nf_tables", "")),
                List.of(),
                Map.of(Family.IPV6, "ip6tables-nft was not found in PATH"),
                List.of()));

    assertThat(look().severity()).isEqualTo(Severity.WARNING);
    assertThat(look().reason()).isEqualTo("IPv6 Services are not served here");
    assertThat(look().evidence()).containsExactly("ip6tables-nft was not found in PATH");
    assertThat(look().remedy()).contains("install the package iptables");
  }

  @Test
  void legacyTablesThatTheKernelLacksAreSaid() {
    node.rules =
        Part.of(new Rules("iptables-legacy", List.of(GivenNode.view("legacy", "")), List.of()));
    node.modules.put("ip6_tables", Modules.State.ABSENT);

    assertThat(look().severity()).isEqualTo(Severity.WARNING);
    assertThat(look().evidence().toString()).contains("no module ip6_tables");
  }

  @Test
  void aKernelWithoutIpv6IsNoFault() {
    node.sysctls.remove("net/ipv6/conf/all/forwarding");

    assertThat(look().severity()).isEqualTo(Severity.OK);
    assertThat(look().reason()).contains("told to do without");
  }

  private Finding look() {
    return new ToolsCheck().look(node.facts()).get(1);
  }
}
