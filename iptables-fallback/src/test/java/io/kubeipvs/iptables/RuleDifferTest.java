package io.kubeipvs.iptables;

import static io.kubeipvs.iptables.Match.comment;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.iptables.Target.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class RuleDifferTest {
  private static final Obsolete STALE =
      new Obsolete(List.of(), List.of(ChainPattern.startingWith(Table.NAT, "KUBE-")));
  private static final ChainKey TOP = ChainKey.of(Table.NAT, "KUBE-SERVICES");
  private static final Jump JUMP =
      new Jump(Table.NAT, "OUTPUT", Rule.of(Target.jumpTo("KUBE-SERVICES"), comment("services")));

  /** Some services, each with a chain that jumps to a chain for each of its endpoints. */
  private static RuleSet services(Random random, int count) {
    Map<ChainKey, List<Rule>> chains = new TreeMap<>();
    List<Rule> top = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String service = "KUBE-SVC-" + random.nextInt(3 * count);
      top.add(Rule.of(Target.jumpTo(service), comment("to " + service)));
      List<Rule> rules = new ArrayList<>();
      for (int endpoints = random.nextInt(4); endpoints > 0; endpoints--) {
        String endpoint = "KUBE-SEP-" + random.nextInt(3 * count);
        rules.add(Rule.of(Target.jumpTo(endpoint), Match.oneIn(endpoints)));
        chains.put(ChainKey.of(Table.NAT, endpoint), List.of(Rule.of(Verdict.RETURN)));
      }
      chains.put(ChainKey.of(Table.NAT, service), rules);
    }
    chains.put(TOP, top);
    return RuleSet.of(Family.IPV4, chains, List.of(JUMP)).withObsolete(STALE);
  }

  @RepeatedTest(25)
  void diffAfterApplyIsEmpty(RepetitionInfo repetition) throws Exception {
    Random random = new Random(repetition.getCurrentRepetition());
    FakeIptables fake = new FakeIptables(Family.IPV4).inChunksOf(1 + random.nextInt(100));
    fake.restoreText("*nat\n:CNI - [0:0]\n-A CNI -j RETURN\n-A OUTPUT -j CNI\nCOMMIT\n");
    for (int step = 0; step < 4; step++) {
      RuleSet wanted = services(random, 1 + random.nextInt(120));
      fake.restore(RuleDiffer.diff(wanted, fake.save()));
      assertThat(RuleDiffer.diff(wanted, fake.save()))
          .isEqualTo(new Restore(Family.IPV4, List.of(), List.of()));
      drift(fake, random);
      fake.restore(RuleDiffer.diff(wanted, fake.save()));
      assertHolds(fake.save(), wanted);
    }
    fake.restore(RuleDiffer.diff(services(random, 1).removal(), fake.save()));
    assertThat(fake.save().table(Table.NAT).chains().keySet())
        .containsExactly("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING", "CNI");
  }

  private static void assertHolds(SavedRules saved, RuleSet wanted) {
    assertThat(RuleDiffer.diff(wanted, saved).isEmpty()).isTrue();
    assertThat(saved.table(Table.NAT).rules("CNI")).containsExactly("-j RETURN");
    assertThat(saved.table(Table.NAT).rules("OUTPUT"))
        .containsExactlyInAnyOrder("-j CNI", JUMP.rule().text());
    Set<String> ours = new HashSet<>(saved.table(Table.NAT).chains().keySet());
    ours.removeIf(name -> !name.startsWith("KUBE-"));
    Set<String> wantedNames = new HashSet<>();
    wanted
        .chains()
        .forEach(
            (key, rules) -> {
              wantedNames.add(key.name().value());
              assertThat(saved.table(Table.NAT).rules(key.name().value()))
                  .isEqualTo(rules.stream().map(Rule::text).toList());
            });
    assertThat(ours).isEqualTo(wantedNames);
  }

  /** What people and crashes do to us. */
  private static void drift(FakeIptables fake, Random random) throws Exception {
    List<String> chains = new ArrayList<>(fake.save().table(Table.NAT).chains().keySet());
    chains.removeIf(name -> !name.startsWith("KUBE-"));
    for (int i = 0; i < 5; i++) {
      String chain = chains.get(random.nextInt(chains.size()));
      fake.restoreText(
          switch (random.nextInt(5)) {
            case 0 -> "*nat\n-F " + chain + "\nCOMMIT\n";
            case 1 -> "*nat\n-I " + chain + " 1 -j ACCEPT\nCOMMIT\n";
            case 2 -> "*nat\n-A OUTPUT " + JUMP.rule() + "\nCOMMIT\n";
            case 3 -> "*nat\n:KUBE-OLD-" + i + " - [0:0]\n-A KUBE-OLD-" + i + " -j DROP\nCOMMIT\n";
            default -> "*nat\n-A " + chain + " -m comment --comment x -j RETURN\nCOMMIT\n";
          });
    }
  }

  @Test
  void nothingIsWrittenWhereNothingDiffers() {
    RuleSet wanted = services(new Random(1), 50);
    Restore restore = RuleDiffer.diff(wanted, SavedRules.of(wanted));
    assertThat(restore.isEmpty()).isTrue();
    assertThat(restore.text()).isEmpty();
    assertThat(restore.chunks(10)).isEmpty();
    assertThat(restore.summary()).isEqualTo("nothing");
  }

  @Test
  void anEmptyTableIsFilledInOneGo() {
    RuleSet wanted =
        RuleSet.of(
            Family.IPV4,
            Map.of(
                ChainKey.of(Table.FILTER, "KUBE-FORWARD"),
                List.of(Rule.of(Verdict.ACCEPT, Match.mark(0x4000, 0x4000))),
                TOP,
                List.of(Rule.of(Target.jumpTo("KUBE-ZZZ"))),
                ChainKey.of(Table.NAT, "KUBE-ZZZ"),
                List.of()),
            List.of(JUMP));
    assertThat(RuleDiffer.diff(wanted, SavedRules.NONE).text())
        .isEqualTo(
            """
            *filter
            :KUBE-FORWARD - [0:0]
            -A KUBE-FORWARD -m mark --mark 0x4000/0x4000 -j ACCEPT
            COMMIT
            *nat
            :KUBE-ZZZ - [0:0]
            :KUBE-SERVICES - [0:0]
            -A KUBE-SERVICES -j KUBE-ZZZ
            -I OUTPUT 1 -m comment --comment services -j KUBE-SERVICES
            COMMIT
            """);
  }

  @Test
  void aPartOfTheRulesIsComparedWithAPart() {
    ChainKey one = ChainKey.of(Table.NAT, "KUBE-SVC-ONE");
    RuleSet before =
        RuleSet.of(Family.IPV4, Map.of(one, List.of(Rule.of(Verdict.ACCEPT))), List.of());
    RuleSet after = RuleSet.of(Family.IPV4, Map.of(one, List.of(Rule.of(Verdict.DROP))), List.of());
    assertThat(RuleDiffer.diff(after, SavedRules.of(before)).text())
        .isEqualTo("*nat\n:KUBE-SVC-ONE - [0:0]\n-A KUBE-SVC-ONE -j DROP\nCOMMIT\n");
    assertThat(RuleDiffer.diff(before.removal(), SavedRules.of(before)).text())
        .isEqualTo("*nat\n:KUBE-SVC-ONE - [0:0]\n-X KUBE-SVC-ONE\nCOMMIT\n");
  }

  @Test
  void theSameValuesGiveTheSameText() {
    RuleSet wanted = services(new Random(5), 30);
    Map<ChainKey, List<Rule>> reversed = new TreeMap<>(Comparator.reverseOrder());
    reversed.putAll(wanted.chains());
    RuleSet again = RuleSet.of(Family.IPV4, reversed, wanted.jumps()).withObsolete(STALE);
    assertThat(again).isEqualTo(wanted);
    assertThat(again).hasToString(wanted.toString());
    assertThat(RuleDiffer.diff(again, SavedRules.NONE))
        .isEqualTo(RuleDiffer.diff(wanted, SavedRules.NONE));
  }

  @Test
  void aPartHoldsWholeChainsAndNoMoreLinesThanAsked() {
    RuleSet wanted = services(new Random(3), 200);
    List<String> chunks = RuleDiffer.diff(wanted, SavedRules.NONE).chunks(50);
    assertThat(chunks).hasSizeGreaterThan(5);
    assertThat(chunks).filteredOn(chunk -> chunk.lines().count() > 52).hasSize(1);
    assertThat(chunks.get(chunks.size() - 1)).contains("-I OUTPUT 1 ");
  }

  @Test
  void oldJumpsAndChainsGo() throws Exception {
    FakeIptables fake = new FakeIptables(Family.IPV4);
    fake.restoreText(
        """
        *filter
        :KUBE-FIREWALL - [0:0]
        :KUBE-MARK-DROP - [0:0]
        -A INPUT -j KUBE-FIREWALL
        -A INPUT -j ACCEPT
        -A OUTPUT -j KUBE-FIREWALL
        -A KUBE-FIREWALL -m mark --mark 0x8000/0x8000 -j DROP
        COMMIT
        """);
    Rule old = Rule.of(Target.jumpTo("KUBE-FIREWALL"));
    RuleSet wanted =
        RuleSet.of(Family.IPV4, Map.of(), List.of())
            .withObsolete(
                new Obsolete(
                    List.of(
                        new Jump(Table.FILTER, "INPUT", old),
                        new Jump(Table.FILTER, "OUTPUT", old)),
                    List.of(
                        ChainPattern.of(ChainKey.of(Table.FILTER, "KUBE-FIREWALL")),
                        ChainPattern.of(ChainKey.of(Table.FILTER, "KUBE-MARK-DROP")))));
    fake.restore(RuleDiffer.diff(wanted, fake.save()));
    assertThat(fake.save().text())
        .isEqualTo(
            """
            *filter
            :INPUT ACCEPT [0:0]
            :FORWARD ACCEPT [0:0]
            :OUTPUT ACCEPT [0:0]
            -A INPUT -j ACCEPT
            COMMIT
            """);
  }

  /** Kubelet's chain of that name holds a rule, kube-proxy's stand-in for it does not. */
  @Test
  void aChainThatIsOursOnlyWhileEmptyStaysWhereItHoldsRules() throws MalformedSaveException {
    ChainKey chain = ChainKey.of(Table.NAT, "KUBE-MARK-DROP");
    RuleSet wanted =
        RuleSet.of(Family.IPV4, Map.of(), List.of())
            .withObsolete(new Obsolete(List.of(), List.of(ChainPattern.ifEmpty(chain))));
    String empty = "*nat\n:KUBE-MARK-DROP - [0:0]\n";
    String filled = empty + "-A KUBE-MARK-DROP -j MARK --set-xmark 0x8000/0x8000\n";
    assertThat(RuleDiffer.diff(wanted, SavedRules.parse(empty + "COMMIT\n")).text())
        .contains("-X KUBE-MARK-DROP\n");
    assertThat(RuleDiffer.diff(wanted, SavedRules.parse(filled + "COMMIT\n")).isEmpty()).isTrue();
  }

  @Test
  void aTableTheToolCannotShowIsLeftAndReported() {
    RuleSet wanted =
        RuleSet.of(
            Family.IPV4,
            Map.of(ChainKey.of(Table.FILTER, "KUBE-FORWARD"), List.of(), TOP, List.of()),
            List.of(JUMP));
    SavedRules observed =
        new SavedRules(Map.of(), List.of("Table `nat' is incompatible, use 'nft' tool."));
    Restore restore = RuleDiffer.diff(wanted, observed);
    assertThat(restore.text()).isEqualTo("*filter\n:KUBE-FORWARD - [0:0]\nCOMMIT\n");
    assertThat(restore.problems())
        .containsExactly(
            "table nat is left as it is: iptables-save cannot show it, it holds rules made with"
                + " nft");
  }
}
