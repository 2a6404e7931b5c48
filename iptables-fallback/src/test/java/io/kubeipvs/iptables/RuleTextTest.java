package io.kubeipvs.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RuleTextTest {

  static List<String> saves() {
    return Golden.saves();
  }

  static List<String> spellings() {
    return List.of("spellings-legacy", "spellings-nft");
  }

  @ParameterizedTest
  @MethodSource("saves")
  void whatTheToolPrintedIsPrintedTheSame(String name) throws Exception {
    Family family = Golden.family(name);
    for (String rule : rules(SavedRules.parse(Golden.save(name)))) {
      assertThat(RuleText.printed(family, rule)).isEqualTo(rule);
      String normalized = RuleText.normalized(family, rule);
      assertThat(RuleText.normalized(family, normalized)).isEqualTo(normalized);
    }
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void spellingsArePrintedAsTheToolPrintsThem(String name) throws Exception {
    SavedRules given = SavedRules.parse(Golden.text("spellings.rules"));
    SavedRules saved = SavedRules.parse(Golden.save(name));
    for (Table table : List.of(Table.FILTER, Table.NAT)) {
      for (SavedChain chain : given.table(table).chains().values()) {
        assertThat(chain.rules().stream().map(RuleTextTest::printed4).toList())
            .isEqualTo(saved.table(table).rules(chain.name()));
      }
    }
  }

  private static String printed4(String rule) {
    return RuleText.printed(Family.IPV4, rule);
  }

  private static List<String> rules(SavedRules saved) {
    List<String> rules = new ArrayList<>();
    for (SavedTable table : saved.tables().values()) {
      table.chains().values().forEach(chain -> rules.addAll(chain.rules()));
    }
    return rules;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-s ! 10.0.0.1 -j A                       | ! -s 10.0.0.1/32 -j A",
        "-m tcp --dport ! 80 -p tcp               | -p tcp -m tcp ! --dport 80",
        "-m mark ! --mark 0x04000/0x00004000      | -m mark ! --mark 0x4000/0x4000",
        "-p tcp -m tcp -j DROP                    | -p tcp -j DROP",
        "-m mark --mark 1 -m comment --comment x  | -m comment --comment x -m mark --mark 0x1",
        "-m comment --comment x -j MARK --set-xmark 0x0/0x1 | -m comment --comment \"x\" -j MARK --and-mark 0xfffffffe",
        "-m recent --set --name A                 | -m recent --set --name A --mask 255.255.255.255 --rsource",
      })
  void oneMeaning(String a, String b) {
    assertThat(RuleText.sameMeaning(Family.IPV4, a, b)).as(a + " | " + b).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-s 10.0.0.1                       | ! -s 10.0.0.1",
        "-m mark --mark 0x1                | -m mark ! --mark 0x1",
        "-m mark --mark 0x1                | -m mark --mark 0x1/0x1",
        "-m comment --comment a            | -m comment --comment b",
        "-m comment --comment \"a  b\"     | -m comment --comment \"a b\"",
        "-m comment --comment \"! -s x\"   | -m comment --comment '' ! -s x",
        "-m comment --comment a            | ''",
        "-j MASQUERADE                     | -j MASQUERADE --random-fully",
        "-j A                              | -g A",
        "-p udp -m tcp                     | -p udp",
        "-m set --match-set A src,dst      | -m set --match-set A dst,src",
        "-m set --match-set A src          | -m set ! --match-set A src",
        "-m limit --limit 5/min -m set --match-set A src | -m set --match-set A src -m limit --limit 5/min",
      })
  void twoMeanings(String a, String b) {
    assertThat(RuleText.sameMeaning(Family.IPV4, a, b)).as(a + " | " + b).isFalse();
  }

  @Test
  void theTargetIsNotLookedForInComments() {
    assertThat(RuleText.target("-m comment --comment \"x -j EVIL\" -j GOOD")).isEqualTo("GOOD");
    assertThat(RuleText.target("-m comment --comment -j -g GOOD")).isEqualTo("GOOD");
    assertThat(RuleText.target("-m comment --comment -j")).isEmpty();
    assertThat(RuleText.target("")).isEmpty();
  }

  @Test
  void rejectAnswersAsItsFamilyDoes() {
    assertThat(RuleText.printed(Family.IPV6, "-j REJECT"))
        .isEqualTo("-j REJECT --reject-with icmp6-port-unreachable");
  }
}
