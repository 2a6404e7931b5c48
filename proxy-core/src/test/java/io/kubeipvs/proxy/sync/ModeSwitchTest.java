package io.kubeipvs.proxy.sync;

import static io.kubeipvs.proxy.Objects.OLD;
import static io.kubeipvs.proxy.Objects.service;
import static io.kubeipvs.proxy.Objects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.iptables.RuleSet;
import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.Errno;
import io.kubeipvs.proxy.apply.CleanUp;
import io.kubeipvs.proxy.apply.Executor;
import io.kubeipvs.proxy.apply.InterfaceAddresses;
import io.kubeipvs.proxy.apply.Kernel;
import io.kubeipvs.proxy.apply.KernelObserver;
import io.kubeipvs.proxy.diff.DiffSettings;
import io.kubeipvs.proxy.diff.Ground;
import io.kubeipvs.proxy.diff.ModeRemains;
import io.kubeipvs.proxy.diff.VipBinding;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.plan.PlanSettings;
import io.kubeipvs.proxy.plan.RuleSettings;
import io.kubeipvs.proxy.plan.ipvs.KubeSets;
import io.kubeipvs.proxy.state.ChangeTracker;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One mode after the other on the same kernel: what serves is never taken away before its like. */
class ModeSwitchTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final ServiceKey WEB = ServiceKey.of(Protocol.TCP, IpAddress.of("10.96.0.10"), 80);
  private static final ServiceKey DNS = ServiceKey.of(Protocol.UDP, IpAddress.of("10.96.0.53"), 80);
  private static final ServerKey SERVER = new ServerKey(IpAddress.of("10.1.0.1"), 8080);
  private static final DiffSettings DIFF =
      new DiffSettings(new VipBinding.ByRoute(Map.of()), Bench.DEVICE, false, List.of());

  private final FakeKernel kernel = new FakeKernel();
  private final Kernel gateways = kernel.gateways();
  private final ChangeTracker tracker = new ChangeTracker("node1");

  @BeforeEach
  void prepare() {
    kernel.addDevice("eth0", "10.0.2.15");
    tracker.service(service("web", OLD, Protocol.TCP, "10.96.0.10"));
    tracker.slice(slice("web", Protocol.TCP, "10.1.0.1"));
    tracker.listed();
  }

  private SyncLoop ipvs() {
    return new SyncLoop(
        tracker,
        new KernelObserver(gateways, Bench.DEVICE),
        new Executor(gateways),
        new SyncSettings(
            NodeInfo.named("node1"),
            gateways.iptables().keySet(),
            PlanSettings.DEFAULT,
            node -> ground(),
            node -> DIFF,
            List.of(),
            false));
  }

  private Ground ground() {
    Ground own = Bench.ground(gateways.iptables().keySet());
    Map<AddressFamily, RuleSet> rules = new EnumMap<>(AddressFamily.class);
    own.rules()
        .forEach(
            (family, set) ->
                rules.put(
                    family, set.withObsolete(set.obsolete().and(ModeRemains.ofIptables(family)))));
    return new Ground(own.sets(), rules, Bench.DEVICE);
  }

  private IptablesLoop iptables() {
    return new IptablesLoop(
        tracker,
        gateways,
        new InterfaceAddresses(kernel.routes, Bench.DEVICE),
        new IptablesModeSettings(
            NodeInfo.named("node1"), node -> RuleSettings.DEFAULT, true, true, List.of(), false),
        new IpvsRetreat(gateways, DIFF, Optional.empty(), gateways.iptables().keySet()),
        OptionalLong::empty,
        SyncListener.NONE);
  }

  /** A loop that starts now plans what the tracker holds. */
  private void sync(Syncer loop) throws IOException {
    SyncReport report = loop.syncOnce(true, NOW);
    assertThat(report.failures()).isEmpty();
  }

  private String rules() throws IOException {
    return kernel.iptables.save().text() + kernel.ip6tables.save().text();
  }

  @Test
  void iptablesModeTakesEverythingOfAnIdleIpvsModeAway() throws IOException {
    sync(ipvs());
    tracker.wake();
    IptablesLoop after = iptables();
    sync(after);

    assertThat(kernel.ipvs.services()).isEmpty();
    assertThat(kernel.sets.headers()).isEmpty();
    assertThat(kernel.routes.link(Bench.DEVICE)).isEmpty();
    assertThat(rules()).contains("default/web cluster IP").doesNotContain("match-set");
    assertThat(rules()).doesNotContain("KUBE-IPVS-FILTER").doesNotContain("KUBE-NODE-PORT ");
    int writes = kernel.writes();
    sync(after);
    assertThat(kernel.writes()).as("after that it rests").isEqualTo(writes);
    assertThat(after.status().isComplete()).isTrue();
  }

  @Test
  void connectionsOfIpvsGoOnUntilTheyEndWhileNewOnesAreTranslated() throws IOException {
    sync(ipvs());
    kernel.ipvs.setConnections(WEB, SERVER, 1, 0);
    IptablesLoop after = iptables();
    sync(after);

    assertThat(rules()).contains("default/web cluster IP");
    assertThat(rules()).as("the other ports of a VIP").contains("KUBE-IPVS-FILTER");
    assertThat(kernel.ipvs.servers(WEB)).extracting(s -> s.server().weight()).containsExactly(0);
    assertThat(after.isDraining()).isTrue();
    assertThat(after.status().drainingServices()).isEqualTo(1);

    kernel.ipvs.setConnections(WEB, SERVER, 0, 0);
    after.syncOnce(false, NOW);
    assertThat(kernel.ipvs.services()).isEmpty();
    assertThat(kernel.sets.headers()).isEmpty();
    assertThat(rules()).doesNotContain("KUBE-IPVS-FILTER");
    assertThat(after.isDraining()).isFalse();
  }

  private IptablesLoop afterAUdpFlowOfIpvs() throws IOException {
    tracker.service(service("dns", OLD, Protocol.UDP, "10.96.0.53"));
    tracker.slice(slice("dns", Protocol.UDP, "10.1.0.1"));
    sync(ipvs());
    kernel.ipvs.setConnections(DNS, SERVER, 0, 1);
    IptablesLoop after = iptables();
    sync(after);
    return after;
  }

  /** What IPVS has of a client's flow no rule translates: it would lead nowhere for a moment. */
  @Test
  void udpFlowsOfIpvsGoOnToo() throws IOException {
    IptablesLoop after = afterAUdpFlowOfIpvs();

    assertThat(kernel.ipvs.services()).extracting(s -> s.service().key()).containsExactly(DNS);
    assertThat(after.isDraining()).isTrue();
    assertThat(kernel.routes.allRoutes())
        .singleElement()
        .asString()
        .as("the VIP leads to IPVS still")
        .contains("10.96.0.53");

    kernel.ipvs.setConnections(DNS, SERVER, 0, 0);
    after.syncOnce(false, NOW);
    assertThat(kernel.ipvs.services()).isEmpty();
    assertThat(kernel.conntrack.deletions())
        .as("those that rules have translated are to the same server, and go on")
        .noneMatch(flows -> flows.toString().contains("--reply-src"));
  }

  @Test
  void udpFlowsToAServerThatIsGoneEndAtOnce() throws IOException {
    IptablesLoop after = afterAUdpFlowOfIpvs();
    assertThat(kernel.ipvs.services()).hasSize(1);

    tracker.slice(slice("dns", Protocol.UDP));
    after.syncOnce(false, NOW);
    assertThat(kernel.ipvs.services()).isEmpty();
  }

  @Test
  void udpFlowsThatNeverRestEndAfterTenMinutes() throws IOException {
    IptablesLoop after = afterAUdpFlowOfIpvs();
    assertThat(after.drainDeadlines()).containsValue(NOW.plus(Duration.ofMinutes(10)));
    after.syncOnce(false, NOW.plus(Duration.ofMinutes(9)));
    assertThat(kernel.ipvs.services()).hasSize(1);
    after.syncOnce(false, NOW.plus(Duration.ofMinutes(10)));
    assertThat(kernel.ipvs.services()).isEmpty();
    assertThat(kernel.conntrack.deletions())
        .last()
        .asString()
        .contains("--orig-dst 10.96.0.53")
        .contains("--reply-src 10.1.0.1");
  }

  @Test
  void translationChangesBeforeTheFirewallWhereIpvsHasServed() throws IOException {
    sync(ipvs());
    int before = kernel.iptables.restored().size();
    sync(iptables());
    String first = kernel.iptables.restored().get(before);
    assertThat(first.indexOf("*nat")).isLessThan(first.indexOf("*filter"));
  }

  @Test
  void virtualServicesOfOthersStay() throws IOException {
    sync(ipvs());
    kernel.ipvs.execute(
        List.of(
            new IpvsCommand.AddService(
                VirtualService.of(
                    ServiceKey.of(Protocol.TCP, IpAddress.of("203.0.113.7"), 80),
                    Scheduler.ROUND_ROBIN))));
    sync(iptables());
    assertThat(kernel.ipvs.services()).hasSize(1);
  }

  @Test
  void ipvsModeIsInPlaceBeforeTheRulesOfIptablesModeGo() throws IOException {
    sync(iptables());
    assertThat(rules()).contains("default/web cluster IP");
    int before = kernel.iptables.restored().size();
    sync(ipvs());

    String early = kernel.iptables.restored().get(before);
    assertThat(early).doesNotContain("KUBE-SERVICES").contains("KUBE-IPVS-FILTER");
    assertThat(kernel.ipvs.servers(WEB)).hasSize(1);
    assertThat(rules())
        .contains("match-set KUBE-CLUSTER-IP")
        .doesNotContain("default/web cluster IP")
        .doesNotContain("KUBE-SEP-")
        .doesNotContain("KUBE-EXTERNAL-SERVICES");
  }

  @Test
  void whereIpvsCannotBeProgrammedTheOldRulesServeOn() throws IOException {
    sync(iptables());
    kernel.ipvs.failCommand(1, Errno.ENOMEM);
    SyncLoop loop = ipvs();
    assertThat(loop.syncOnce(true, NOW).failures()).isNotEmpty();
    assertThat(rules()).contains("default/web cluster IP");

    sync(loop);
    assertThat(rules()).doesNotContain("default/web cluster IP");
    assertThat(kernel.ipvs.servers(WEB)).hasSize(1);
  }

  @Test
  void whatIpvsGoesOnRefusingDoesNotKeepTheOldRulesForEver() throws IOException {
    sync(iptables());
    SyncLoop loop = ipvs();
    kernel.ipvs.failCommand(2, Errno.EINVAL); // the server; in later looks it is all there is to do
    loop.syncOnce(true, NOW);
    kernel.ipvs.failCommand(1, Errno.EINVAL);
    loop.syncOnce(true, NOW);
    assertThat(rules()).contains("default/web cluster IP");
    assertThat(loop.status().obstacles()).anyMatch(each -> each.contains("iptables mode serve"));

    kernel.ipvs.failCommand(1, Errno.EINVAL);
    assertThat(loop.syncOnce(true, NOW).failures()).isNotEmpty();
    assertThat(rules()).doesNotContain("default/web cluster IP");
  }

  @Test
  void aCleanUpThatCouldNotDeleteAServiceKeepsWhatTellsWhoseItIs() throws IOException {
    sync(ipvs());
    Ground all = new Ground(List.copyOf(KubeSets.ALL.values()), Map.of(), Bench.DEVICE);
    kernel.ipvs.failCommand(1, Errno.EBUSY);
    assertThat(new CleanUp(gateways, all, DIFF).run().failures()).isNotEmpty();
    assertThat(kernel.ipvs.services()).hasSize(1);
    assertThat(gateways.sets().headers()).isNotEmpty();

    assertThat(new CleanUp(gateways, all, DIFF).run().failures()).isEmpty();
    assertThat(kernel.ipvs.services()).isEmpty();
    assertThat(gateways.sets().headers()).isEmpty();
  }

  @Test
  void thereAndBackIsAsAtFirst() throws IOException {
    sync(ipvs());
    String first = sorted();
    sync(iptables());
    sync(ipvs());
    // The chain that kubelet has too is left, and serves nobody.
    assertThat(sorted().lines().filter(line -> !line.contains("KUBE-FIREWALL")).toList())
        .isEqualTo(first.lines().toList());
    assertThat(kernel.ipvs.services()).hasSize(1);
  }

  @Test
  void aCleanUpLeavesNothingOfEitherMode() throws IOException {
    for (Syncer loop : List.of(ipvs(), iptables(), ipvs())) {
      sync(loop);
      Map<AddressFamily, RuleSet> both = new EnumMap<>(AddressFamily.class);
      gateways.iptables().keySet().forEach(f -> both.put(f, ModeRemains.ofBoth(f)));
      Ground all = new Ground(List.copyOf(KubeSets.ALL.values()), both, Bench.DEVICE);
      assertThat(new CleanUp(gateways, all, DIFF).run().failures()).isEmpty();

      assertThat(kernel.sets.headers()).isEmpty();
      assertThat(kernel.ipvs.services()).isEmpty();
      assertThat(rules().lines().filter(line -> line.contains("KUBE-")))
          .allMatch(line -> line.contains("KUBE-FIREWALL"));
    }
  }

  private String sorted() throws IOException {
    return String.join("\n", rules().lines().sorted().toList());
  }
}
