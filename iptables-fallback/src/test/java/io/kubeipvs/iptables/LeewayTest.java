package io.kubeipvs.iptables;

import static io.kubeipvs.iptables.Match.comment;
import static io.kubeipvs.iptables.Match.destination;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.iptables.Target.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class LeewayTest {
  private static final ChainKey CHAIN = ChainKey.of(Table.NAT, "KUBE-SERVICES");
  private static final Rule LAST = Rule.of(Verdict.RETURN, comment("the last"));

  private static RuleSet wanted(Leeway leeway, Rule... rules) {
    return wanted(leeway, List.of(rules));
  }

  private static RuleSet wanted(Leeway leeway, List<Rule> rules) {
    return RuleSet.of(Family.IPV4, Map.of(CHAIN, rules), List.of())
        .withLeeway(Map.of(CHAIN, leeway));
  }

  private static Rule rule(int number) {
    return Rule.of(Verdict.ACCEPT, destination("10.96.0." + number));
  }

  private static List<Rule> rules(int count) {
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rules.add(rule(i));
    }
    return rules;
  }

  private static FakeIptables holding(String... rules) throws IptablesException {
    FakeIptables fake = new FakeIptables(Family.IPV4);
    StringBuilder text = new StringBuilder("*nat\n:KUBE-SERVICES - [0:0]\n");
    List.of(rules).forEach(rule -> text.append("-A KUBE-SERVICES ").append(rule).append('\n'));
    fake.restoreText(text + "COMMIT\n");
    return fake;
  }

  private static FakeIptables holding(List<Rule> rules) throws IptablesException {
    return holding(rules.stream().map(Rule::text).toArray(String[]::new));
  }

  private static Restore apply(FakeIptables fake, RuleSet wanted) throws Exception {
    Restore restore = RuleDiffer.diff(wanted, fake.save());
    fake.restore(restore);
    assertThat(RuleDiffer.diff(wanted, fake.save()).isEmpty()).isTrue();
    return restore;
  }

  private static List<String> left(FakeIptables fake) throws Exception {
    return fake.save().table(Table.NAT).rules("KUBE-SERVICES");
  }

  @Test
  void anotherOrderIsAsGood() throws Exception {
    FakeIptables fake = holding(List.of(rule(2), rule(1), LAST));
    RuleSet wanted = wanted(Leeway.anyOrderBefore(1), rule(1), rule(2), LAST);
    assertThat(RuleDiffer.diff(wanted, fake.save()).isEmpty()).isTrue();
  }

  @Test
  void whatIsMissingGoesToTheHeadAndWhatIsTooMuchIsDeleted() throws Exception {
    FakeIptables fake = holding(List.of(rule(3), rule(1), LAST));
    RuleSet wanted = wanted(Leeway.anyOrderBefore(1), rule(1), rule(2), LAST);
    assertThat(apply(fake, wanted).text())
        .isEqualTo(
            """
            *nat
            -I KUBE-SERVICES -d 10.96.0.2/32 -j ACCEPT
            -D KUBE-SERVICES -d 10.96.0.3/32 -j ACCEPT
            COMMIT
            """);
  }

  @Test
  void ofTwoCopiesOneIsTooMuch() throws Exception {
    FakeIptables fake = holding(List.of(rule(1), rule(2), rule(1)));
    apply(fake, wanted(Leeway.ANY_ORDER, rule(1), rule(2)));
    assertThat(left(fake)).hasSize(2);
  }

  @Test
  void anotherSpellingIsNoDifference() throws Exception {
    FakeIptables fake = holding("--destination 10.96.0.1 -j ACCEPT");
    RuleSet wanted = wanted(Leeway.ANY_ORDER, rule(1));
    assertThat(RuleDiffer.diff(wanted, fake.save()).isEmpty()).isTrue();
  }

  @Test
  void theLastRuleIsPutBehindAgain() throws Exception {
    FakeIptables fake = holding(List.of(rule(1), LAST, rule(2)));
    apply(fake, wanted(Leeway.anyOrderBefore(1), rule(1), rule(2), LAST));
    assertThat(left(fake)).hasSize(3).last().isEqualTo(LAST.text());
  }

  @Test
  void manyRulesTooMuchAreNotLookedForOneByOne() throws Exception {
    FakeIptables fake = holding(rules(200));
    String text = apply(fake, wanted(Leeway.ANY_ORDER, rules(100))).text();
    assertThat(text).contains(":KUBE-SERVICES").doesNotContain("-D ");
  }

  @Test
  void aChainThatIsNotThereIsFilledInPartsBehindWhatMustStandLast() throws Exception {
    List<Rule> all = rules(100);
    all.add(LAST);
    FakeIptables fake = new FakeIptables(Family.IPV4).inChunksOf(10);
    apply(fake, wanted(Leeway.anyOrderBefore(1), all));
    assertThat(fake.restored()).hasSizeGreaterThan(10);
    assertThat(fake.restored().get(0)).contains("-A KUBE-SERVICES " + LAST);
    assertThat(left(fake)).isEqualTo(all.stream().map(Rule::text).toList());
  }

  @Test
  void anEmptyChainWithNothingToStandLastIsOnlyAddedTo() throws Exception {
    FakeIptables fake = holding();
    assertThat(apply(fake, wanted(Leeway.ANY_ORDER, rule(1))).text())
        .isEqualTo("*nat\n-I KUBE-SERVICES -d 10.96.0.1/32 -j ACCEPT\nCOMMIT\n");
  }

  @Test
  void rulesOfOthersInAChainOfManyOwnersStay() throws Exception {
    FakeIptables fake = holding(List.of(rule(7), rule(1)));
    RuleSet wanted = wanted(Leeway.AMONG_OTHERS, rule(1), rule(2));
    apply(fake, wanted);
    assertThat(left(fake)).contains(rule(7).text(), rule(1).text(), rule(2).text());
    assertThat(RuleDiffer.diff(wanted.removal(), fake.save()).isEmpty()).isTrue();
  }

  @RepeatedTest(25)
  void diffAfterApplyIsEmpty(RepetitionInfo repetition) throws Exception {
    Random random = new Random(repetition.getCurrentRepetition());
    List<Rule> observed = new ArrayList<>(rules(random.nextInt(200)));
    observed.addAll(rules(random.nextInt(5)));
    observed.add(random.nextInt(observed.size() + 1), LAST);
    Collections.shuffle(observed.subList(0, random.nextInt(observed.size())), random);
    List<Rule> all = rules(random.nextInt(200));
    all.add(LAST);
    FakeIptables fake = holding(observed).inChunksOf(1 + random.nextInt(50));
    apply(fake, wanted(Leeway.anyOrderBefore(1), all));
    assertThat(left(fake))
        .containsExactlyInAnyOrderElementsOf(all.stream().map(Rule::text).toList())
        .last()
        .isEqualTo(LAST.text());
  }
}
