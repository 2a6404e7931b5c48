package io.kubeipvs.proxy.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.iptables.FakeIptables;
import io.kubeipvs.iptables.Family;
import io.kubeipvs.iptables.Iptables;
import io.kubeipvs.iptables.IptablesException;
import io.kubeipvs.iptables.Restore;
import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.conntrack.FakeConntrack;
import io.kubeipvs.proxy.Objects;
import io.kubeipvs.proxy.diff.Phase;
import io.kubeipvs.proxy.plan.iptables.IptablesPlanner;
import io.kubeipvs.proxy.plan.iptables.IptablesSettings;
import io.kubeipvs.proxy.plan.iptables.ServiceRules;
import io.kubeipvs.proxy.state.IptablesState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuleLoaderTest {
  private final FakeIptables tables = new FakeIptables(Family.IPV4);
  private final FakeConntrack conntrack = new FakeConntrack();
  private final IptablesState state =
      new IptablesState(
          IptablesPlanner.constants(AddressFamily.IPV4, Objects.CONTEXT, IptablesSettings.DEFAULT));
  private final Refusing iptables = new Refusing(tables);
  private final RuleLoader loader = new RuleLoader(iptables, conntrack, state);

  /** Refuses what holds a word, as a kernel without a module does; and may be out of order. */
  private static final class Refusing implements Iptables {
    private final FakeIptables tables;
    private final List<String> attempts = new ArrayList<>();
    private String word = "(nothing)";
    private boolean broken;
    private boolean unreadable;
    private int refusals = Integer.MAX_VALUE;
    private boolean nfTables;
    private int saves;

    Refusing(FakeIptables tables) {
      this.tables = tables;
    }

    @Override
    public Family family() {
      return Family.IPV4;
    }

    @Override
    public boolean isOfNfTables() {
      return nfTables;
    }

    @Override
    public SavedRules save() throws IOException {
      saves++;
      SavedRules saved = tables.save();
      return unreadable
          ? new SavedRules(saved.tables(), List.of("Table `nat' is incompatible, use 'nft' tool."))
          : saved;
    }

    @Override
    public void restore(Restore restore) throws IOException {
      if (broken) {
        throw new IOException("the tool was killed");
      }
      attempts.add(restore.text());
      if (restore.text().contains(word) && refusals-- > 0) {
        throw new IptablesException("fake-restore", 0, "", "no " + word);
      }
      tables.restore(restore);
    }
  }

  @BeforeEach
  void begin() {
    load(List.of());
  }

  private static ServiceRules service(int number, Protocol protocol, String... endpoints) {
    String name = "s" + number;
    return IptablesPlanner.plan(
        Objects.service(name, Objects.OLD, protocol, "10.96.0." + number),
        AddressFamily.IPV4,
        List.of(Objects.slice(name, protocol, endpoints)),
        Objects.CONTEXT,
        IptablesSettings.DEFAULT);
  }

  private RuleLoader.Loaded load(List<ServiceRules> changed) {
    return loader.load(changed, false);
  }

  private List<String> refused() {
    return loader.refused().stream().map(failure -> failure.operation().toString()).toList();
  }

  private static String of(int service) {
    return "iptables-restore --noflush of Service default/s" + service;
  }

  private void assertComplete() throws IOException {
    assertThat(state.repair(tables.save()).text()).isEmpty();
  }

  @Test
  void aChangeIsLoadedWithoutReadingTheTables() throws IOException {
    int saves = iptables.saves;
    load(List.of(service(1, Protocol.TCP, "10.1.0.1")));
    load(List.of(service(1, Protocol.TCP, "10.1.0.1", "10.1.0.2")));
    assertThat(iptables.saves).isEqualTo(saves);
    assertComplete();
  }

  @Test
  void aComparisonWithNothingToDoWritesNothing() throws IOException {
    load(List.of(service(1, Protocol.TCP, "10.1.0.1")));
    assertThat(loader.load(List.of(), true).done()).isEmpty();
  }

  @Test
  void whatSomebodyFlushedIsThereAgainWithTheNextChange() throws IOException {
    load(List.of(service(1, Protocol.TCP, "10.1.0.1")));
    tables.restoreText("*nat\n-F KUBE-SERVICES\nCOMMIT\n");
    load(List.of(ServiceRules.nothing(Objects.name("s1")), service(2, Protocol.TCP)));
    assertThat(refused()).isEmpty();
    assertComplete();
  }

  @Test
  void aServiceTheToolRefusesDoesNotStopTheOthers() throws IOException {
    iptables.word = "sctp";
    List<ServiceRules> plans = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      plans.add(service(i, i == 7 ? Protocol.SCTP : Protocol.TCP, "10.1.0." + i));
    }
    load(plans);
    assertThat(refused()).containsExactly(of(7));
    assertThat(loader.refused().get(0).reason()).contains("no sctp");
    assertThat(tables.saveText()).contains("default/s20 cluster IP").doesNotContain("default/s7 ");
    assertComplete();

    load(List.of(service(7, Protocol.TCP, "10.1.0.7")));
    assertThat(refused()).isEmpty();
    assertThat(tables.saveText()).contains("default/s7 cluster IP");
    assertComplete();
  }

  @Test
  void whatIsServedStaysServedWhileTheOneToBlameIsLookedFor() throws IOException {
    List<ServiceRules> plans = new ArrayList<>();
    for (int i = 1; i <= 8; i++) {
      plans.add(service(i, Protocol.TCP, "10.1.0." + i));
    }
    load(plans);
    int before = tables.restored().size();
    iptables.word = "udp";
    load(List.of(service(9, Protocol.UDP, "10.1.0.9"), service(10, Protocol.TCP, "10.1.0.10")));
    assertThat(refused()).containsExactly(of(9));
    assertThat(tables.restored().subList(before, tables.restored().size()))
        .noneMatch(text -> text.contains("-D ") || text.contains("-X "));
    assertComplete();
  }

  @Test
  void aToolOutOfOrderIsNobodysFaultAndMadeUpFor() throws IOException {
    iptables.broken = true;
    List<ServiceRules> plans = List.of(service(1, Protocol.TCP, "10.1.0.1"));
    assertThat(load(plans).failures()).extracting("reason").containsExactly("the tool was killed");
    iptables.broken = false;
    load(List.of());
    assertThat(refused()).isEmpty();
    assertThat(tables.saveText()).contains("default/s1 cluster IP");
    assertComplete();
  }

  /** A tool without memory may say of any line that it failed. */
  @Test
  void aToolThatRefusesEverythingForAWhileHasNobodyLeftOut() throws IOException {
    load(List.of(service(1, Protocol.TCP, "10.1.0.1"), service(2, Protocol.TCP, "10.1.0.2")));
    iptables.word = "*";
    iptables.refusals = 3;
    load(List.of(service(1, Protocol.TCP, "10.1.0.1", "10.1.0.3")));
    assertThat(refused()).isEmpty();
    load(List.of());
    assertThat(refused()).isEmpty();
    assertThat(tables.saveText()).contains("10.1.0.3");
    assertComplete();
  }

  /** At each step of the search: what is refused once more is what counts. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void aRefusalThatPassesHasNobodyLeftOut(int refusals) throws IOException {
    load(List.of(service(1, Protocol.TCP, "10.1.0.1"), service(2, Protocol.TCP, "10.1.0.2")));
    iptables.word = "10.1.0.3";
    iptables.refusals = refusals;
    load(List.of(service(1, Protocol.TCP, "10.1.0.1", "10.1.0.3")));
    assertThat(iptables.refusals).as("all of them").isNegative();
    assertThat(refused()).isEmpty();
    assertThat(tables.saveText()).contains("10.1.0.3");
    assertComplete();
  }

  @Test
  void whoseNewRulesAreRefusedKeepsTheFormer() throws IOException {
    load(List.of(service(1, Protocol.TCP, "10.1.0.1"), service(2, Protocol.TCP, "10.1.0.2")));
    iptables.word = "10.1.0.99";
    load(List.of(service(1, Protocol.TCP, "10.1.0.99")));
    assertThat(refused()).containsExactly(of(1));
    assertThat(tables.saveText()).contains("10.1.0.1:").doesNotContain("10.1.0.99");
    assertComplete();
    loader.load(List.of(), true);
    assertThat(tables.saveText()).as("tried again in vain").contains("10.1.0.1:");

    theNewestAreThereOnceTheyAreTaken();
  }

  /** Somebody flushed them, and now they are refused as well. */
  @Test
  void whereEvenTheFormerRulesAreRefusedTheNewestWait() throws IOException {
    load(List.of(service(1, Protocol.TCP, "10.1.0.1"), service(2, Protocol.TCP, "10.1.0.2")));
    tables.restoreText("*nat\n-F KUBE-SERVICES\nCOMMIT\n");
    iptables.word = "default/s1 ";
    load(List.of(service(1, Protocol.TCP, "10.1.0.99")));
    load(List.of());
    assertThat(refused()).containsExactly(of(1));
    assertThat(tables.saveText()).contains("default/s2 ").doesNotContain("default/s1 ");
    assertComplete();

    theNewestAreThereOnceTheyAreTaken();
  }

  private void theNewestAreThereOnceTheyAreTaken() throws IOException {
    iptables.word = "(nothing)";
    loader.load(List.of(), true);
    assertThat(refused()).isEmpty();
    assertThat(tables.saveText()).contains("10.1.0.99:").doesNotContain("10.1.0.1:");
    assertComplete();
  }

  /** Or one bad Service would have each change after a look wait for all tables to be read. */
  @Test
  void aTryInVainDoesNotMakeTheNextChangeReadTheTables() throws IOException {
    iptables.word = "sctp";
    load(List.of(service(1, Protocol.SCTP, "10.1.0.1")));
    loader.load(List.of(), true);
    assertThat(refused()).containsExactly(of(1));
    int saves = iptables.saves;
    load(List.of(service(2, Protocol.TCP, "10.1.0.2")));
    assertThat(iptables.saves).isEqualTo(saves);
    assertComplete();
  }

  /** Between the refusal and the end of a try there may be no memory, or a lock. */
  @Test
  void aTryThatEndsInATroubleOfTheToolsCostsNobodyTheFormerRules() throws IOException {
    load(List.of(service(1, Protocol.TCP, "10.1.0.1")));
    iptables.word = "10.1.0.99";
    load(List.of(service(1, Protocol.TCP, "10.1.0.99")));
    iptables.broken = true;
    loader.load(List.of(), true);
    iptables.broken = false;
    loader.load(List.of(), true);
    assertThat(refused()).containsExactly(of(1));
    assertThat(tables.saveText()).contains("10.1.0.1:");

    theNewestAreThereOnceTheyAreTaken();
  }

  @Test
  void aFormerWayInThatIsNotClaimedAnyMoreIsGivenUp() throws IOException {
    load(List.of(service(1, Protocol.TCP, "10.1.0.1")));
    iptables.word = "10.1.0.99";
    ServiceRules moved =
        IptablesPlanner.plan(
            Objects.service("s1", Objects.OLD, Protocol.TCP, "10.96.0.77"),
            AddressFamily.IPV4,
            List.of(Objects.slice("s1", Protocol.TCP, "10.1.0.99")),
            Objects.CONTEXT,
            IptablesSettings.DEFAULT);
    load(List.of(moved));
    assertThat(refused()).containsExactly(of(1));
    assertThat(tables.saveText()).doesNotContain("10.96.0.1/32", "10.96.0.77");
    assertComplete();
  }

  @Test
  void eachOfManyRefusedHasItsTurn() {
    iptables.word = "sctp";
    List<ServiceRules> plans = new ArrayList<>();
    for (int i = 1; i <= 15; i++) {
      plans.add(service(i, Protocol.SCTP, "10.1.0." + i));
    }
    load(plans);
    assertThat(refused()).hasSize(15);
    iptables.attempts.clear();
    loader.load(List.of(), true);
    loader.load(List.of(), true);
    for (int i = 1; i <= 15; i++) {
      String name = "default/s" + i + " ";
      assertThat(iptables.attempts).as(name).anyMatch(text -> text.contains(name));
    }
  }

  /** However slow the tool: with each look one more is settled. */
  @Test
  void aSearchThatHasNoTimeGetsOnWithEachLook() throws IOException {
    RuleLoader hurried = new RuleLoader(iptables, conntrack, state, OptionalLong::empty, -1);
    iptables.word = "sctp";
    List<ServiceRules> plans = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      plans.add(service(i, i % 7 == 0 ? Protocol.SCTP : Protocol.TCP, "10.1.0." + i));
    }
    hurried.load(plans, false);
    assertThat(hurried.refused()).hasSizeGreaterThan(10);
    for (int look = 0; look < 20; look++) {
      hurried.load(List.of(), true);
    }
    assertThat(hurried.refused())
        .extracting(failure -> failure.operation().toString())
        .containsExactly(of(14), of(7));
    assertThat(tables.saveText()).contains("default/s20 cluster IP");
    assertComplete();
  }

  @Test
  void aTableThatCannotBeReadIsAFailureAndChangesAreWrittenAllTheSame() throws IOException {
    iptables.unreadable = true;
    assertThat(loader.load(List.of(service(1, Protocol.TCP, "10.1.0.1")), true).failures())
        .anySatisfy(
            failure -> {
              assertThat(failure.operation().phase()).isEqualTo(Phase.WRITE_RULES);
              assertThat(failure.reason()).contains("table nat is left as it is");
            });
    assertThat(load(List.of(service(1, Protocol.TCP, "10.1.0.2"))).failures()).hasSize(1);
    assertThat(tables.saveText()).contains("10.1.0.2:").doesNotContain("10.1.0.1:");
    iptables.unreadable = false;
    assertThat(loader.load(List.of(), true).failures()).isEmpty();
    assertComplete();
  }

  @Test
  void aConstantRuleThatIsRefusedIsNobodysFault() {
    Refusing empty = new Refusing(new FakeIptables(Family.IPV4));
    empty.word = "KUBE-MARK-MASQ";
    RuleLoader other = new RuleLoader(empty, conntrack, state);
    assertThat(other.load(List.of(), false).failures())
        .singleElement()
        .satisfies(failure -> assertThat(failure.operation().phase()).isEqualTo(Phase.WRITE_RULES));
    assertThat(other.refused()).isEmpty();
  }

  @Test
  void tablesOfAGenerationThatWasInOrderAreNotReadAgain() throws IOException {
    long[] generation = {7};
    iptables.nfTables = true;
    RuleLoader watching =
        new RuleLoader(iptables, conntrack, state, () -> OptionalLong.of(generation[0]));
    watching.load(List.of(service(1, Protocol.TCP, "10.1.0.1")), true);
    watching.load(List.of(), true);
    int saves = iptables.saves;
    watching.load(List.of(), true);
    assertThat(iptables.saves).as("nobody has written").isEqualTo(saves);

    tables.restoreText("*nat\n-F KUBE-SERVICES\nCOMMIT\n");
    generation[0]++;
    assertThat(watching.load(List.of(), true).repairs()).hasSize(1);
    assertComplete();

    iptables.nfTables = false;
    watching.load(List.of(), true);
    saves = iptables.saves;
    watching.load(List.of(), true);
    assertThat(iptables.saves).as("the older tables have no generation").isEqualTo(saves + 1);
  }

  @Test
  void flowsAreForgottenOnlyWhenTheRulesAreThere() throws IOException {
    load(List.of(service(1, Protocol.UDP, "10.1.0.1")));
    int before = conntrack.deletions().size();
    iptables.broken = true;
    List<ServiceRules> gone = List.of(service(1, Protocol.UDP));
    assertThat(load(gone).failures()).hasSize(1);
    assertThat(conntrack.deletions()).hasSize(before);
    iptables.broken = false;
    loader.load(List.of(), true);
    assertThat(conntrack.deletions()).hasSize(before + 1);
  }
}
