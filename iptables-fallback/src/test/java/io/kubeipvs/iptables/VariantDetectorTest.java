package io.kubeipvs.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class VariantDetectorTest {
  private final SavedRules hint = save("*mangle\n:KUBE-IPTABLES-HINT - [0:0]\nCOMMIT\n");
  private final SavedRules canary = save("*mangle\n:KUBE-KUBELET-CANARY - [0:0]\nCOMMIT\n");
  private final SavedRules oneRule =
      save("*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j DROP\nCOMMIT\n");
  private final SavedRules twoRules =
      save("*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j DROP\n-A INPUT -j DROP\nCOMMIT\n");

  @Test
  void kubeletsHintDecides() {
    assertThat(VariantDetector.choose(List.of(hint), List.of(twoRules))).isEqualTo("iptables-nft");
    assertThat(VariantDetector.choose(List.of(twoRules), List.of(oneRule, canary)))
        .isEqualTo("iptables-legacy");
  }

  @Test
  void withoutAHintTheOneWithMoreRulesDoes() {
    assertThat(VariantDetector.choose(List.of(oneRule), List.of(twoRules)))
        .isEqualTo("iptables-legacy");
    assertThat(VariantDetector.choose(List.of(oneRule, oneRule), List.of(oneRule)))
        .isEqualTo("iptables-nft");
  }

  @Test
  void withoutAnyRulesTheSystemsDefaultIsTaken() {
    assertThat(VariantDetector.choose(List.of(), List.of())).isEqualTo("iptables");
    assertThat(VariantDetector.choose(List.of(SavedRules.NONE), List.of())).isEqualTo("iptables");
  }

  @Test
  void theToolsOfTheOtherFamilyAreFoundByName() {
    assertThat(ToolOptions.programOf(Family.IPV6, "iptables-nft")).isEqualTo("ip6tables-nft");
    assertThat(ToolOptions.programOf(Family.IPV4, "ip6tables-nft")).isEqualTo("iptables-nft");
    assertThat(ToolOptions.programOf(Family.IPV6, "/opt/iptables/iptables"))
        .isEqualTo("/opt/iptables/ip6tables");
    assertThat(ToolOptions.programOf(Family.IPV4, "iptables")).isEqualTo("iptables");
  }

  private static SavedRules save(String text) {
    try {
      return SavedRules.parse(text);
    } catch (MalformedSaveException e) {
      throw new AssertionError(e);
    }
  }
}
