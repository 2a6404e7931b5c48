package io.kubeipvs.iptables;

import static io.kubeipvs.iptables.Match.comment;
import static io.kubeipvs.iptables.Match.destination;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.iptables.Target.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PartDifferTest {
  private static final ChainKey SERVICES = ChainKey.of(Table.NAT, "KUBE-SERVICES");
  private static final ChainKey REFUSED = ChainKey.of(Table.FILTER, "KUBE-REFUSED");
  private static final RuleSet GROUND =
      RuleSet.of(
              Family.IPV4,
              Map.of(SERVICES, List.of(Rule.of(Verdict.RETURN)), REFUSED, List.of()),
              List.of())
          .withLeeway(Map.of(SERVICES, Leeway.anyOrderBefore(1), REFUSED, Leeway.ANY_ORDER));

  /** A Service with a chain for itself and one for each of its endpoints. */
  private static RulePart part(int number, String... endpoints) {
    if (endpoints.length == 0) {
      return new RulePart(
          new TreeMap<>(), List.of(new SharedRule(REFUSED, rule(Verdict.DROP, number))));
    }
    Map<ChainKey, List<Rule>> chains = new TreeMap<>();
    List<Rule> choice = new ArrayList<>();
    for (String endpoint : endpoints) {
      String name = "KUBE-SEP-" + number + endpoint;
      chains.put(ChainKey.of(Table.NAT, name), List.of(Rule.of(Verdict.ACCEPT, comment(endpoint))));
      choice.add(Rule.of(Target.jumpTo(name)));
    }
    String own = "KUBE-SVC-" + number;
    chains.put(ChainKey.of(Table.NAT, own), choice);
    return new RulePart(
        new TreeMap<>(chains), List.of(new SharedRule(SERVICES, rule(Target.jumpTo(own), number))));
  }

  private static Rule rule(Target target, int number) {
    return Rule.of(target, destination("10.96.0." + number));
  }

  private static Restore diff(List<RulePart> before, List<RulePart> after) {
    return PartDiffer.diff(Family.IPV4, before, after);
  }

  @Test
  void oneEndpointMoreIsItsChainAndTheOneThatChooses() {
    assertThat(diff(List.of(part(1, "a")), List.of(part(1, "a", "b"))).text())
        .isEqualTo(
            """
            *nat
            :KUBE-SEP-1b - [0:0]
            :KUBE-SVC-1 - [0:0]
            -A KUBE-SEP-1b -m comment --comment b -j ACCEPT
            -A KUBE-SVC-1 -j KUBE-SEP-1a
            -A KUBE-SVC-1 -j KUBE-SEP-1b
            COMMIT
            """);
  }

  @Test
  void aServiceThatGoesIsUnlinkedBeforeItsChainsAreDeleted() {
    assertThat(diff(List.of(part(1, "a")), List.of()).text())
        .isEqualTo(
            """
            *nat
            :KUBE-SEP-1a - [0:0]
            :KUBE-SVC-1 - [0:0]
            -D KUBE-SERVICES -d 10.96.0.1/32 -j KUBE-SVC-1
            -X KUBE-SEP-1a
            -X KUBE-SVC-1
            COMMIT
            """);
  }

  @Test
  void aServiceWithoutEndpointsIsRefusedBeforeItIsUnlinked() {
    assertThat(diff(List.of(part(1, "a")), List.of(part(1))).text())
        .startsWith("*filter\n-I KUBE-REFUSED -d 10.96.0.1/32 -j DROP\nCOMMIT\n*nat\n");
  }

  @Test
  void whatSucceedsARuleIsThereBeforeItGoes() {
    RulePart former = part(1, "a");
    RulePart successor =
        new RulePart(
            part(2, "b").chains(),
            List.of(new SharedRule(SERVICES, rule(Target.jumpTo("KUBE-SVC-2"), 1))));
    String text = diff(List.of(former), List.of(successor)).text();
    assertThat(text.indexOf("-I KUBE-SERVICES -d 10.96.0.1/32 -j KUBE-SVC-2"))
        .isPositive()
        .isLessThan(text.indexOf("-D KUBE-SERVICES -d 10.96.0.1/32 -j KUBE-SVC-1"));
  }

  @Test
  void nothingIsDoneForAPartThatIsTheSame() {
    assertThat(diff(List.of(part(1, "a")), List.of(part(1, "a"))).isEmpty()).isTrue();
  }

  @Test
  void inPartsTooNoChainIsJumpedToBeforeItIsThereNorDeletedWhileItIs() throws Exception {
    List<RulePart> before = new ArrayList<>();
    List<RulePart> after = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      before.add(part(i, "a", "b"));
      after.add(part(i + 50, "b", "c"));
    }
    for (int lines : List.of(1, 7, 50, Integer.MAX_VALUE)) {
      FakeIptables fake = new FakeIptables(Family.IPV4).inChunksOf(lines);
      fake.restore(RuleDiffer.diff(GROUND, fake.save()));
      fake.restore(diff(List.of(), before));
      fake.restore(diff(before, after));
      assertThat(RuleDiffer.diff(GROUND.with(after), fake.save()).isEmpty()).isTrue();
    }
  }

  @Test
  void whereTheKernelIsNotAsThoughtNothingIsChanged() throws Exception {
    FakeIptables fake = new FakeIptables(Family.IPV4);
    fake.restore(RuleDiffer.diff(GROUND, fake.save()));
    String before = fake.saveText();
    assertThatThrownBy(() -> fake.restore(diff(List.of(part(1, "a")), List.of())))
        .isInstanceOf(IptablesException.class);
    assertThat(fake.saveText()).isEqualTo(before);
  }
}
