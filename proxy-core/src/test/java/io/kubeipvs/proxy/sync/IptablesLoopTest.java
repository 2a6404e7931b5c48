package io.kubeipvs.proxy.sync;

import static io.kubeipvs.proxy.Objects.NEW;
import static io.kubeipvs.proxy.Objects.OLD;
import static io.kubeipvs.proxy.Objects.service;
import static io.kubeipvs.proxy.Objects.slice;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.iptables.Family;
import io.kubeipvs.iptables.Iptables;
import io.kubeipvs.iptables.IptablesException;
import io.kubeipvs.iptables.Restore;
import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.iptables.Table;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.conntrack.Flow;
import io.kubeipvs.netlink.conntrack.FlowTuple;
import io.kubeipvs.proxy.Objects;
import io.kubeipvs.proxy.apply.InterfaceAddresses;
import io.kubeipvs.proxy.apply.Kernel;
import io.kubeipvs.proxy.apply.RuleFigures;
import io.kubeipvs.proxy.diff.DiffSettings;
import io.kubeipvs.proxy.diff.VipBinding;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.plan.RuleSettings;
import io.kubeipvs.proxy.state.ChangeTracker;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IptablesLoopTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

  private final FakeKernel kernel = new FakeKernel();
  private final Refusing iptables = new Refusing(kernel.iptables);
  private final ChangeTracker tracker = new ChangeTracker("node1");
  private final IptablesLoop loop = loop(List.of());

  /** Refuses what holds a word, as a kernel without a module does. */
  private static final class Refusing implements Iptables {
    private final Iptables tables;
    private String word = "(nothing)";
    private int saves;

    Refusing(Iptables tables) {
      this.tables = tables;
    }

    @Override
    public Family family() {
      return tables.family();
    }

    @Override
    public SavedRules save() throws IOException {
      saves++;
      return tables.save();
    }

    @Override
    public void restore(Restore restore) throws IOException {
      if (restore.text().contains(word)) {
        throw new IptablesException("fake-restore", 0, "", "no " + word);
      }
      tables.restore(restore);
    }
  }

  private IptablesLoop loop(List<IpPrefix> nodePortRanges) {
    Kernel gateways =
        new Kernel(
            kernel.ipvs,
            kernel.sets,
            kernel.routes,
            kernel.conntrack,
            Map.of(AddressFamily.IPV4, iptables, AddressFamily.IPV6, kernel.ip6tables));
    return new IptablesLoop(
        tracker,
        gateways,
        new InterfaceAddresses(kernel.routes, Bench.DEVICE),
        new IptablesModeSettings(
            NodeInfo.named("node1"),
            node -> RuleSettings.DEFAULT,
            true,
            true,
            nodePortRanges,
            false),
        retreat(gateways),
        OptionalLong::empty,
        SyncListener.NONE);
  }

  private static IpvsRetreat retreat(Kernel kernel) {
    return new IpvsRetreat(
        kernel,
        new DiffSettings(new VipBinding.ByRoute(Map.of()), Bench.DEVICE, false, List.of()),
        Optional.empty(),
        kernel.iptables().keySet());
  }

  @BeforeEach
  void prepare() {
    kernel.addDevice("eth0", "10.0.2.15");
    web("10.1.0.1", "10.1.0.2");
    tracker.listed();
  }

  private void web(String... endpoints) {
    tracker.service(service("web", OLD, Protocol.TCP, "10.96.0.10"));
    tracker.slice(slice("web", Protocol.TCP, endpoints));
  }

  private String saved() throws IOException {
    return kernel.iptables.save().text();
  }

  @Test
  void nothingIsProgrammedBeforeEverythingIsListed() {
    IptablesLoop other =
        new IptablesLoop(
            new ChangeTracker("node1"),
            kernel.gateways(),
            new InterfaceAddresses(kernel.routes, Bench.DEVICE),
            new IptablesModeSettings(
                NodeInfo.named("node1"),
                node -> RuleSettings.DEFAULT,
                true,
                true,
                List.of(),
                false),
            retreat(kernel.gateways()),
            OptionalLong::empty,
            SyncListener.NONE);
    assertThatThrownBy(() -> other.syncOnce(true, NOW)).isInstanceOf(IllegalStateException.class);
    assertThat(kernel.writes()).isZero();
  }

  @Test
  void whatIsServedIsInTheRulesAndInTheStatus() throws IOException {
    SyncReport report = loop.syncOnce(true, NOW);

    assertThat(saved()).contains("default/web cluster IP").contains("10.1.0.2:8080");
    assertThat(report.full()).isTrue();
    assertThat(report.repairs()).isEmpty();
    assertThat(loop.status().isComplete()).isTrue();
    assertThat(loop.status().services()).isEqualTo(1);
    assertThat(loop.status().servers()).isEqualTo(2);
    assertThat(figures().rules().get(Table.NAT))
        .isEqualTo((int) saved().lines().filter(l -> isNat(l)).count());
  }

  /** Chains of nat have names that those of filter do not have, or are counted there. */
  private boolean isNat(String line) {
    return line.startsWith("-A ") && natText().contains(line);
  }

  private String natText() {
    try {
      String all = saved();
      int begin = all.indexOf("*nat");
      return all.substring(begin, all.indexOf("COMMIT", begin));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aLookWithNothingToDoWritesNothing() throws IOException {
    loop.syncOnce(true, NOW);
    int writes = kernel.writes();
    SyncReport report = loop.syncOnce(true, NOW);

    assertThat(kernel.writes()).isEqualTo(writes);
    assertThat(report.didNothing()).isTrue();
  }

  @Test
  void aChangeIsLoadedWithoutReadingTheTables() throws IOException {
    loop.syncOnce(true, NOW);
    int saves = iptables.saves;
    web("10.1.0.1", "10.1.0.3");
    SyncReport report = loop.syncOnce(false, NOW);

    assertThat(iptables.saves).isEqualTo(saves);
    assertThat(report.dirtyServices()).isEqualTo(1);
    assertThat(report.full()).isFalse();
    assertThat(saved()).contains("10.1.0.3:8080").doesNotContain("10.1.0.2:8080");
    assertThat(figures().lastWritten().get(Table.NAT)).isPositive();
  }

  @Test
  void aServiceThatIsGoneLeavesNoRule() throws IOException {
    loop.syncOnce(true, NOW);
    tracker.serviceDeleted(Objects.name("web"));
    loop.syncOnce(false, NOW);

    assertThat(saved()).doesNotContain("default/web").doesNotContain("KUBE-SEP-");
    assertThat(loop.status().services()).isZero();
  }

  @Test
  void whatSomebodyFlushedIsARepair() throws IOException {
    loop.syncOnce(true, NOW);
    kernel.iptables.restoreText("*nat\n-F KUBE-SERVICES\nCOMMIT\n");
    SyncReport report = loop.syncOnce(true, NOW);

    assertThat(report.repairs()).hasSize(1);
    assertThat(saved()).contains("default/web cluster IP");
  }

  @Test
  void aChangeThatComesWithALookIsNoRepair() throws IOException {
    loop.syncOnce(true, NOW);
    web("10.1.0.1", "10.1.0.3");
    assertThat(loop.syncOnce(true, NOW).repairs()).isEmpty();
  }

  @Test
  void aRefusedServiceIsNamedTriedAgainAndInNobodysWay() throws IOException {
    iptables.word = "sctp";
    tracker.service(service("bad", NEW, Protocol.SCTP, "10.96.0.11"));
    tracker.slice(slice("bad", Protocol.SCTP, "10.1.0.9"));
    SyncReport report = loop.syncOnce(true, NOW);

    assertThat(report.failures()).hasSize(1);
    assertThat(loop.status().failures().toString()).contains("default/bad").contains("no sctp");
    assertThat(saved()).contains("default/web cluster IP").doesNotContain("default/bad ");
    assertThat(loop.syncOnce(false, NOW).failures()).isEmpty();
    assertThat(loop.status().isComplete()).isFalse();

    iptables.word = "(nothing)";
    loop.syncOnce(true, NOW);
    assertThat(saved()).contains("default/bad cluster IP");
    assertThat(loop.status().isComplete()).isTrue();
  }

  @Test
  void oneFamilyOutOfOrderDoesNotStopTheOther() throws IOException {
    iptables.word = "KUBE-MARK-MASQ";
    SyncReport report = loop.syncOnce(true, NOW);

    assertThat(report.failures()).hasSize(1);
    assertThat(kernel.ip6tables.save().text()).contains("KUBE-SERVICES");
    iptables.word = "(nothing)";
    assertThat(loop.syncOnce(true, NOW).failures()).isEmpty();
    assertThat(saved()).contains("default/web cluster IP");
  }

  @Test
  void addressesTheNodeGetsServeNodePorts() throws IOException {
    IptablesLoop chosen = loop(List.of(IpPrefix.of("10.0.0.0/8")));
    chosen.syncOnce(true, NOW);
    assertThat(saved()).contains("-A KUBE-SERVICES -d 10.0.2.15/32");
    kernel.addDevice("eth1", "10.0.3.15");
    chosen.syncOnce(true, NOW);

    assertThat(saved()).contains("-A KUBE-SERVICES -d 10.0.3.15/32");
    assertThat(chosen.addresses().nodePorts()).hasSize(2);
  }

  @Test
  void atTheStartOnlyFlowsThatWentAstrayAreForgotten() throws IOException {
    tracker.service(service("dns", OLD, Protocol.UDP, "10.96.0.53"));
    tracker.slice(slice("dns", Protocol.UDP, "10.1.0.5"));
    track(1, "10.1.0.5");
    track(2, "10.1.0.6");
    track(3, "10.96.0.53");
    loop.syncOnce(true, NOW);

    assertThat(kernel.conntrack.flows(AddressFamily.IPV4, Protocol.UDP))
        .extracting(flow -> flow.original().sourcePort())
        .containsExactly(1);
  }

  private void track(int clientPort, String answeredBy) {
    IpAddress client = IpAddress.of("10.1.0.99");
    IpAddress server = IpAddress.of(answeredBy);
    int port = answeredBy.startsWith("10.1.") ? 8080 : 80;
    kernel.conntrack.track(
        new Flow(
            Protocol.UDP,
            new FlowTuple(client, clientPort, IpAddress.of("10.96.0.53"), 80),
            new FlowTuple(server, port, client, clientPort),
            0,
            0));
  }

  @Test
  void theOlderOfTwoHasAnAddressAndTheOtherIsReported() throws IOException {
    tracker.service(service("late", NEW, Protocol.TCP, "10.96.0.10"));
    tracker.slice(slice("late", Protocol.TCP, "10.1.0.7"));
    loop.syncOnce(true, NOW);
    assertThat(loop.status().conflicts()).hasSize(1);
    assertThat(saved()).contains("default/web cluster IP").doesNotContain("default/late cluster");

    tracker.serviceDeleted(Objects.name("web"));
    loop.syncOnce(false, NOW);
    assertThat(loop.status().conflicts()).isEmpty();
    assertThat(saved()).contains("default/late cluster IP");
  }

  private RuleFigures figures() {
    return requireNonNull(loop.figures().get(AddressFamily.IPV4));
  }
}
