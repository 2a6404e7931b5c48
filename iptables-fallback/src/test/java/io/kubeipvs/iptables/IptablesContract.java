package io.kubeipvs.iptables;

import static io.kubeipvs.iptables.Match.comment;
import static io.kubeipvs.iptables.Match.inSet;
import static io.kubeipvs.iptables.Match.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.iptables.Match.Direction;
import io.kubeipvs.iptables.Target.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the fake and the tools both do. Each test begins with empty tables. */
interface IptablesContract {
  ChainKey A = ChainKey.of(Table.NAT, "KUBE-A");
  ChainKey B = ChainKey.of(Table.NAT, "KUBE-B");
  Rule RETURN = Rule.of(Verdict.RETURN);
  Rule TO_A = Rule.of(Target.jumpTo("KUBE-A"), comment("to a"));
  Rule TO_B = Rule.of(Target.jumpTo("KUBE-B"), comment("to b"));
  Jump OUTPUT_TO_A = new Jump(Table.NAT, "OUTPUT", TO_A);
  Jump OUTPUT_TO_B = new Jump(Table.NAT, "OUTPUT", TO_B);

  Iptables iptables();

  /** Loads text as somebody else would. */
  void load(String text) throws IOException;

  /** An address of the family under test. */
  default String host() {
    return iptables().family() == Family.IPV6 ? "fd00::7" : "10.0.0.7";
  }

  private RuleSet wanted(Map<ChainKey, List<Rule>> chains, Jump... jumps) {
    return RuleSet.of(iptables().family(), chains, List.of(jumps));
  }

  private Restore apply(RuleSet wanted) throws IOException {
    Restore restore = RuleDiffer.diff(wanted, iptables().save());
    iptables().restore(restore);
    assertThat(RuleDiffer.diff(wanted, iptables().save()).text()).isEmpty();
    return restore;
  }

  private List<String> rules(Table table, String chain) throws IOException {
    SavedChain saved = iptables().save().table(table).chain(chain);
    return saved == null ? List.of("(no chain)") : saved.rules();
  }

  @Test
  default void everyKindOfRuleIsPrintedAsRendered() throws IOException {
    Family family = iptables().family();
    Map<ChainKey, List<Rule>> chains = new TreeMap<>();
    chains.put(ChainKey.of(Table.NAT, RuleKinds.OTHER_CHAIN), List.of());
    for (Table table : Table.values()) {
      chains.put(
          ChainKey.of(table, RuleKinds.CHAIN),
          RuleKinds.of(family).stream()
              .filter(kind -> kind.table() == table)
              .map(RuleKinds.Case::rule)
              .toList());
    }
    apply(wanted(chains));
    for (Table table : Table.values()) {
      assertThat(rules(table, RuleKinds.CHAIN))
          .isEqualTo(
              RuleKinds.of(family).stream()
                  .filter(kind -> kind.table() == table)
                  .map(RuleKinds.Case::text)
                  .toList());
    }
  }

  @Test
  default void missingJumpsAreInsertedAtTheTopInOrder() throws IOException {
    load("*nat\n-A OUTPUT -p tcp -j ACCEPT\nCOMMIT\n");
    apply(wanted(Map.of(A, List.of(RETURN), B, List.of()), OUTPUT_TO_A, OUTPUT_TO_B));
    assertThat(rules(Table.NAT, "OUTPUT"))
        .containsExactly(TO_B.text(), TO_A.text(), "-p tcp -j ACCEPT");
  }

  @Test
  default void aJumpAnywhereInTheChainIsLeftThere() throws IOException {
    RuleSet wanted = wanted(Map.of(A, List.of(RETURN)), OUTPUT_TO_A);
    apply(wanted);
    load("*nat\n-I OUTPUT 1 -p tcp -j ACCEPT\nCOMMIT\n");
    assertThat(apply(wanted).isEmpty()).isTrue();
    assertThat(rules(Table.NAT, "OUTPUT")).containsExactly("-p tcp -j ACCEPT", TO_A.text());
  }

  @Test
  default void duplicatesOfAJumpAreRemoved() throws IOException {
    RuleSet wanted = wanted(Map.of(A, List.of(RETURN), B, List.of()), OUTPUT_TO_A, OUTPUT_TO_B);
    apply(wanted);
    load("*nat\n-A OUTPUT -p tcp -j ACCEPT\n-A OUTPUT " + TO_A + "\nCOMMIT\n");
    apply(wanted);
    assertThat(rules(Table.NAT, "OUTPUT"))
        .containsExactly(TO_B.text(), TO_A.text(), "-p tcp -j ACCEPT");
  }

  @Test
  default void anAlteredChainIsWrittenAnew() throws IOException {
    RuleSet wanted =
        wanted(Map.of(A, List.of(Rule.of(Verdict.RETURN, source(host())), TO_B), B, List.of()));
    apply(wanted);
    load("*nat\n-I KUBE-A 1 -j ACCEPT\nCOMMIT\n");
    Restore restore = apply(wanted);
    assertThat(restore.text())
        .isEqualTo(
            "*nat\n:KUBE-A - [0:0]\n-A KUBE-A %s\n-A KUBE-A %s\nCOMMIT\n"
                .formatted(Rule.of(Verdict.RETURN, source(host())), TO_B));
  }

  @Test
  default void aLongChainIsChangedRuleByRule() throws IOException {
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      rules.add(Rule.of(Verdict.RETURN, comment("rule " + i)));
    }
    apply(wanted(Map.of(A, rules)));
    rules.remove(0);
    rules.remove(100);
    rules.add(50, Rule.of(Verdict.RETURN, comment("new in the middle")));
    rules.add(Rule.of(Verdict.RETURN, comment("new at the end")));
    Restore restore = apply(wanted(Map.of(A, rules)));
    assertThat(restore.text().lines()).hasSize(6);
    assertThat(rules(Table.NAT, "KUBE-A")).isEqualTo(rules.stream().map(Rule::text).toList());
  }

  @Test
  default void whatWeDoNotOwnStays() throws IOException {
    load(
        """
        *nat
        :CNI-X - [0:0]
        -A CNI-X -j RETURN
        -A POSTROUTING -j CNI-X
        COMMIT
        *filter
        :FORWARD DROP [0:0]
        :CALI - [0:0]
        -A FORWARD -j CALI
        COMMIT
        """);
    RuleSet wanted = wanted(Map.of(A, List.of(RETURN)), OUTPUT_TO_A);
    apply(wanted);
    SavedRules with = iptables().save();
    apply(wanted.removal());
    assertThat(iptables().save().table(Table.NAT).chains()).doesNotContainKey("KUBE-A");
    assertThat(rules(Table.NAT, "OUTPUT")).isEmpty();
    assertThat(rules(Table.NAT, "CNI-X")).containsExactly("-j RETURN");
    assertThat(rules(Table.NAT, "POSTROUTING")).containsExactly("-j CNI-X");
    assertThat(iptables().save().table(Table.FILTER)).isEqualTo(with.table(Table.FILTER));
  }

  @Test
  default void chainsThatReferToEachOtherAreDeletedTogether() throws IOException {
    RuleSet wanted = wanted(Map.of(A, List.of(TO_B), B, List.of(RETURN)), OUTPUT_TO_A);
    apply(wanted);
    apply(wanted.removal());
    assertThat(rules(Table.NAT, "KUBE-A")).containsExactly("(no chain)");
    assertThat(rules(Table.NAT, "KUBE-B")).containsExactly("(no chain)");
    assertThat(apply(wanted.removal()).isEmpty()).isTrue();
  }

  @Test
  default void aForeignJumpKeepsTheChainButNotTheRest() throws IOException {
    RuleSet wanted = wanted(Map.of(A, List.of(RETURN), B, List.of(RETURN)), OUTPUT_TO_A);
    apply(wanted);
    load("*nat\n-A PREROUTING -p udp -j KUBE-A\nCOMMIT\n");
    Restore restore = apply(wanted.removal());
    assertThat(restore.problems())
        .containsExactly(
            "nat chain KUBE-A cannot be deleted, a rule jumps to it: -A PREROUTING -p udp -j KUBE-A");
    assertThat(rules(Table.NAT, "KUBE-A")).isEmpty();
    assertThat(rules(Table.NAT, "KUBE-B")).containsExactly("(no chain)");
    assertThat(rules(Table.NAT, "PREROUTING")).containsExactly("-p udp -j KUBE-A");
  }

  @Test
  default void staleChainsOfAPrefixAreDeleted() throws IOException {
    RuleSet wanted =
        wanted(Map.of(A, List.of(TO_B), B, List.of(RETURN)), OUTPUT_TO_A)
            .withObsolete(
                new Obsolete(List.of(), List.of(ChainPattern.startingWith(Table.NAT, "KUBE-"))));
    apply(wanted);
    RuleSet later = wanted(Map.of(A, List.of(RETURN)), OUTPUT_TO_A).withObsolete(wanted.obsolete());
    apply(later);
    assertThat(rules(Table.NAT, "KUBE-B")).containsExactly("(no chain)");
    assertThat(rules(Table.NAT, "KUBE-A")).containsExactly("-j RETURN");
  }

  @Test
  default void aRuleWithAnUnknownSetIsRefused() throws IOException {
    SavedRules before = iptables().save();
    RuleSet wanted =
        wanted(
            Map.of(A, List.of(RETURN, Rule.of(Verdict.RETURN, inSet("NO-SUCH", Direction.DST)))));
    assertThatThrownBy(() -> iptables().restore(RuleDiffer.diff(wanted, before)))
        .isInstanceOfSatisfying(IptablesException.class, e -> assertThat(e.line()).isEqualTo(4))
        .hasMessageContaining("line 4: `-A KUBE-A -m set --match-set NO-SUCH dst -j RETURN'")
        .hasMessageContaining("Set NO-SUCH doesn't exist");
    assertThat(rules(Table.NAT, "KUBE-A")).containsExactly("(no chain)");
  }

  @Test
  default void aJumpToAMissingChainIsRefused() {
    RuleSet wanted = wanted(Map.of(A, List.of(TO_B)));
    assertThatThrownBy(() -> iptables().restore(RuleDiffer.diff(wanted, iptables().save())))
        .isInstanceOf(IptablesException.class)
        .hasMessageContaining("KUBE-B");
  }

  @Test
  default void aLoopOfJumpsIsRefused() {
    RuleSet wanted = wanted(Map.of(A, List.of(TO_B), B, List.of(TO_A)), OUTPUT_TO_A);
    assertThatThrownBy(() -> iptables().restore(RuleDiffer.diff(wanted, iptables().save())))
        .isInstanceOf(IptablesException.class);
  }

  @Test
  default void aChainThatIsReferredToOrNotEmptyIsNotDeleted() throws IOException {
    load("*nat\n:KUBE-A - [0:0]\n:KUBE-B - [0:0]\n-A KUBE-A -j KUBE-B\nCOMMIT\n");
    assertThatThrownBy(() -> load("*nat\n-X KUBE-A\nCOMMIT\n")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> load("*nat\n-X KUBE-B\nCOMMIT\n")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> load("*nat\n-X KUBE-C\nCOMMIT\n")).isInstanceOf(IOException.class);
    assertThat(rules(Table.NAT, "KUBE-A")).containsExactly("-j KUBE-B");
  }

  @Test
  default void whatIsNotThereIsNotDeleted() throws IOException {
    load("*nat\n:KUBE-A - [0:0]\n-A KUBE-A -j RETURN\nCOMMIT\n");
    assertThatThrownBy(() -> load("*nat\n-D KUBE-A -j ACCEPT\nCOMMIT\n"))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> load("*nat\n-I KUBE-A 5 -j ACCEPT\nCOMMIT\n"))
        .isInstanceOf(IOException.class);
  }

  @Test
  default void aRefusedRestoreChangesNothingInItsTable() throws IOException {
    load("*nat\n:KUBE-A - [0:0]\n-A KUBE-A -j RETURN\nCOMMIT\n");
    assertThatThrownBy(() -> load("*nat\n:KUBE-A - [0:0]\n-A KUBE-A -j ACCEPT\n-X NO-X\nCOMMIT\n"))
        .isInstanceOf(IOException.class);
    assertThat(rules(Table.NAT, "KUBE-A")).containsExactly("-j RETURN");
  }

  @Test
  default void peoplesSpellingsAreUnderstood() throws IOException {
    Rule rule =
        Rule.of(
            Target.setXmark(0x4000, 0x4000), source(host()), comment("hi there"), Match.mark(1, 1));
    load(
        "*nat\n:KUBE-A - [0:0]\n-A KUBE-A -m mark --mark 0x01/1 -m comment --comment \"hi there\""
            + " --src "
            + host()
            + " -j MARK --or-mark 0x004000\nCOMMIT\n");
    assertThat(apply(wanted(Map.of(A, List.of(rule)))).isEmpty()).isTrue();
  }
}
