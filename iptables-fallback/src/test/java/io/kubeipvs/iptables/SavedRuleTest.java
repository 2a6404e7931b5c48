package io.kubeipvs.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.iptables.SavedRule.Part;
import io.kubeipvs.iptables.SavedRule.RuleOption;
import java.util.List;
import org.junit.jupiter.api.Test;

class SavedRuleTest {
  private static RuleOption option(String name, String... values) {
    return new RuleOption(name, false, List.of(values));
  }

  private static RuleOption not(String name, String... values) {
    return new RuleOption(name, true, List.of(values));
  }

  @Test
  void aRuleIsTakenApartWithoutLosingAWord() {
    SavedRule rule =
        SavedRule.parse(
            "! -s 10.244.0.0/16 -p tcp -m comment --comment \"a -j DROP, \\\"!\\\"\""
                + " -m set ! --match-set KUBE-CLUSTER-IP dst,dst"
                + " -m tcp --tcp-flags FIN,SYN SYN -j MARK --set-xmark 0x4000/0x4000");
    assertThat(rule.parts())
        .containsExactly(
            new Part("", List.of(not("-s", "10.244.0.0/16"), option("-p", "tcp"))),
            new Part("comment", List.of(option("--comment", "a -j DROP, \"!\""))),
            new Part("set", List.of(not("--match-set", "KUBE-CLUSTER-IP", "dst,dst"))),
            new Part("tcp", List.of(option("--tcp-flags", "FIN,SYN", "SYN"))));
    assertThat(rule.target()).contains("MARK");
    assertThat(rule.isGoto()).isFalse();
    assertThat(rule.targetOption("--set-xmark")).contains(option("--set-xmark", "0x4000/0x4000"));
    assertThat(rule.comment()).isEqualTo("a -j DROP, \"!\"");
  }

  @Test
  void aRuleMayHaveNoConditionOrNoTarget() {
    assertThat(SavedRule.parse("-g ELSEWHERE").isGoto()).isTrue();
    assertThat(SavedRule.parse("-j MASQUERADE --random-fully").targetOptions())
        .containsExactly(option("--random-fully"));
    assertThat(SavedRule.parse("-m comment --comment x").target()).isEmpty();
    assertThat(SavedRule.parse("").parts()).isEmpty();
  }
}
