package io.kubeipvs.proxy.sync;

import static io.kubeipvs.proxy.Objects.NEW;
import static io.kubeipvs.proxy.Objects.OLD;
import static io.kubeipvs.proxy.Objects.name;
import static io.kubeipvs.proxy.Objects.service;
import static io.kubeipvs.proxy.Objects.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetErrno;
import io.kubeipvs.ipset.SetGrowth;
import io.kubeipvs.ipset.SetHeader;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.ipset.SetSpec;
import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.Errno;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.diff.Phase;
import io.kubeipvs.proxy.diff.VipBinding;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.SchedulerChoice;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.model.ServicePort;
import io.kubeipvs.proxy.model.ServiceSettings;
import io.kubeipvs.proxy.plan.PlanSettings;
import io.kubeipvs.proxy.plan.ipvs.KubeSet;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SyncLoopTest {
  private static final IpAddress VIP = IpAddress.of("10.96.0.10");
  private static final ServiceKey WEB = ServiceKey.of(Protocol.TCP, VIP, 80);
  private static final ServiceKey DNS = ServiceKey.of(Protocol.UDP, VIP, 80);

  private static final SetName CLUSTER_IP = KubeSet.CLUSTER_IP.name(AddressFamily.IPV4);

  private Bench bench = new Bench();

  @Test
  void nothingIsProgrammedBeforeEverythingIsListed() {
    bench.tracker.service(service("web", OLD, Protocol.TCP, "10.96.0.10"));

    assertThatThrownBy(() -> bench.fullSync()).isInstanceOf(IllegalStateException.class);
    assertThat(bench.kernel.writes()).isZero();
  }

  @Test
  void firstSyncMakesEverything() {
    web("10.1.0.1", "10.1.0.2");

    SyncReport report = bench.fullSync();

    assertThat(report.failures()).isEmpty();
    assertThat(servers(WEB))
        .containsOnly(Map.entry("10.1.0.1:8080", 1), Map.entry("10.1.0.2:8080", 1));
    assertThat(bench.kernel.routes.allRoutes()).hasSize(1);
    assertThat(bench.kernel.routes.link("kube-ipvs0")).isPresent();
    assertThat(bench.loop.status().isComplete()).isTrue();
  }

  /** As after a start in a large cluster. */
  private void crowd(int services) {
    for (int i = 0; i < services; i++) {
      String address = "10.98." + i / 250 + "." + (i % 250 + 1);
      bench.tracker.service(service("a" + i, OLD, Protocol.TCP, address));
      bench.tracker.slice(slice("a" + i, Protocol.TCP, "10.2." + i / 250 + "." + (i % 250 + 1)));
    }
  }

  @Test
  void inACrowdTheApiServerAndDnsAreReachableBeforeTheRestBegins() {
    crowd(300);
    Service dns =
        Service.of(
            new ServiceName("kube-system", "kube-dns"),
            NEW,
            List.of(IpAddress.of("10.96.0.53")),
            List.of(new ServicePort("dns", Protocol.UDP, 53, 0)));
    bench.tracker.service(dns);
    bench.tracker.service(service("kubernetes", NEW, Protocol.TCP, "10.96.0.1"));
    bench.tracker.listed();

    List<String> done = bench.fullSync().done().stream().map(Operation::toString).toList();

    int rest = first(done, "10.98.");
    assertThat(first(done, "route", "10.96.0.1")).isBetween(0, rest);
    assertThat(first(done, "route", "10.96.0.53")).isBetween(0, rest);
    assertThat(bench.kernel.routes.allRoutes()).hasSize(302);
    assertThat(bench.fullSync().didNothing()).isTrue();
  }

  private static int first(List<String> operations, String... words) {
    for (int i = 0; i < operations.size(); i++) {
      if (Stream.of(words).allMatch(operations.get(i)::contains)) {
        return i;
      }
    }
    return -1;
  }

  @Test
  void servicesThatLoseServersComeBeforeThoseThatGetSome() {
    crowd(2);
    bench.tracker.listed();
    bench.fullSync();
    bench.tracker.slice(slice("a0", Protocol.TCP, "10.2.0.1", "10.3.0.1"));
    bench.tracker.slice(slice("a1", Protocol.TCP, "10.3.0.2"));

    List<String> done = bench.sync().done().stream().map(Operation::toString).toList();

    int removal = first(done, "10.2.0.2:8080");
    int addition = first(done, "10.3.0.1:8080");
    assertThat(removal).isBetween(0, addition);
  }

  @Test
  void addressOpensLast() {
    web("10.1.0.1");

    List<Phase> phases = bench.fullSync().done().stream().map(Operation::phase).toList();

    assertThat(phases).isSorted();
    assertThat(phases.get(phases.size() - 1)).isEqualTo(Phase.OPEN_VIPS);
  }

  @Test
  void fullSyncThatFindsEverythingWritesNothing() {
    web("10.1.0.1");
    bench.fullSync();
    int writes = bench.kernel.writes();

    assertThat(bench.fullSync().didNothing()).isTrue();
    assertThat(bench.kernel.writes()).isEqualTo(writes);
  }

  @Test
  void nextLookDumpsNoServersThatLookTheSame() {
    int services = 100;
    for (int i = 1; i <= services; i++) {
      bench.tracker.service(service("web" + i, OLD, Protocol.TCP, "10.96.1." + i));
      bench.tracker.slice(slice("web" + i, Protocol.TCP, "10.1.0." + i));
    }
    bench.tracker.listed();
    bench.fullSync();
    bench.kernel.ipvs.resetCounts();

    assertThat(bench.fullSync().didNothing()).isTrue();

    assertThat(bench.kernel.ipvs.reads()).isLessThan(services / 2);
  }

  @Test
  void thresholdsOfSomebodyElseAreFoundInTime() {
    web("10.1.0.1");
    bench.fullSync();
    RealServer ours = RealServer.masquerade(IpAddress.of("10.1.0.1"), 8080, 1);
    RealServer limited =
        new RealServer(ours.key(), ours.method(), ours.weight(), 10, 5, ours.tunnel());
    bench.kernel.ipvs.tamper(new IpvsCommand.UpdateServer(WEB, limited));

    for (int look = 0; look < 20; look++) {
      bench.fullSync();
    }

    assertThat(bench.kernel.ipvs.servers(WEB))
        .extracting(ObservedServer::server)
        .containsExactly(ours);
  }

  @Test
  void aSetGrowsBeforeItOverflows() {
    web("10.1.0.1");
    bench.fullSync();
    bench.kernel.sets.setReferences(CLUSTER_IP, 1);
    fillClusterIps(65_535);
    more("more", "10.96.0.11");

    SyncReport report = bench.fullSync();

    assertThat(report.failures()).isEmpty();
    assertThat(header(CLUSTER_IP).maximumElements()).isEqualTo(131_072);
    assertThat(header(CLUSTER_IP).elements()).isEqualTo(2);
    assertThat(header(CLUSTER_IP).references()).isEqualTo(1);
    assertThat(bench.kernel.sets.dump()).doesNotContain(SetGrowth.TEMPORARY_PREFIX);
    assertThat(bench.fullSync().done()).isEmpty();
  }

  @Test
  void aSetThatOthersFilledGrowsAfterTheKernelRefused() {
    web("10.1.0.1");
    bench.fullSync();
    fillClusterIps(65_535);
    more("more", "10.96.0.11");

    assertThat(bench.sync().failures())
        .first()
        .satisfies(failure -> assertThat(failure.errno()).contains(SetErrno.HASH_FULL));

    assertThat(bench.fullSync().failures()).isEmpty();
    assertThat(header(CLUSTER_IP).elements()).isEqualTo(2);
    assertThat(bench.fullSync().done()).isEmpty();
  }

  @Test
  void aSetThatIsOnlyTooSmallIsExchangedWithItsEntries() {
    SetSpec spec = KubeSet.CLUSTER_IP.spec(AddressFamily.IPV4);
    SetSpec small = new SetSpec(spec.name(), spec.type(), spec.family(), 1);
    SetSpec leftover =
        new SetSpec(SetGrowth.temporaryName(CLUSTER_IP), spec.type(), spec.family(), 2);
    bench.kernel.sets.tamper(new SetCommand.Create(small), new SetCommand.Create(leftover));
    more("more", "10.96.0.11");
    web("10.1.0.1");

    assertThat(bench.fullSync().failures()).isEmpty();

    assertThat(header(CLUSTER_IP).serves(spec)).isTrue();
    assertThat(header(CLUSTER_IP).elements()).isEqualTo(2);
    assertThat(bench.kernel.sets.dump()).doesNotContain(SetGrowth.TEMPORARY_PREFIX);
    assertThat(bench.fullSync().done()).isEmpty();
  }

  private void more(String name, String clusterIp) {
    bench.tracker.service(service(name, OLD, Protocol.TCP, clusterIp));
  }

  private SetHeader header(SetName set) {
    try {
      return bench.kernel.sets.list(set).orElseThrow().header();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** As somebody else would. */
  private void fillClusterIps(int entries) {
    for (int i = 0; i < entries; i++) {
      IpAddress address = IpAddress.of("10.2." + (i >> 8) + "." + (i & 0xff));
      SetEntry entry = new SetEntry.IpPort(address, Protocol.TCP, 80);
      bench.kernel.sets.tamper(new SetCommand.Add(CLUSTER_IP, entry));
    }
  }

  @Test
  void restartWritesNothing() {
    web("10.1.0.1");
    bench.fullSync();
    int writes = bench.kernel.writes();

    bench = restarted();
    web("10.1.0.1");

    assertThat(bench.fullSync().didNothing()).isTrue();
    assertThat(bench.kernel.writes()).isEqualTo(writes);
  }

  @Test
  void addedEndpointIsOneCommandAndNoReading() {
    web("10.1.0.1");
    bench.fullSync();
    int reads = bench.kernel.ipvs.reads();

    web("10.1.0.1", "10.1.0.2");
    SyncReport report = bench.sync();

    assertThat(report.done()).hasSize(1);
    assertThat(bench.kernel.ipvs.reads()).isEqualTo(reads);
    assertThat(servers(WEB)).containsKey("10.1.0.2:8080");
  }

  @Test
  void idleServerGoesInTheSameSync() {
    web("10.1.0.1", "10.1.0.2");
    bench.fullSync();

    web("10.1.0.1");
    bench.sync();

    assertThat(servers(WEB)).containsOnlyKeys("10.1.0.1:8080");
    assertThat(bench.loop.isDraining()).isFalse();
  }

  @Test
  void serverWithConnectionsDrainsUntilTheyEnd() {
    web("10.1.0.1", "10.1.0.2");
    bench.fullSync();
    connections(WEB, "10.1.0.2", 3, 0);

    web("10.1.0.1");
    bench.sync();
    assertThat(servers(WEB)).containsEntry("10.1.0.2:8080", RealServer.DRAINING);
    assertThat(bench.loop.isDraining()).isTrue();

    connections(WEB, "10.1.0.2", 0, 2);
    bench.sync();
    assertThat(servers(WEB)).containsKey("10.1.0.2:8080");

    connections(WEB, "10.1.0.2", 0, 0);
    bench.sync();
    assertThat(servers(WEB)).containsOnlyKeys("10.1.0.1:8080");
    assertThat(bench.loop.isDraining()).isFalse();
  }

  @Test
  void drainingSurvivesARestart() {
    web("10.1.0.1", "10.1.0.2");
    bench.fullSync();
    connections(WEB, "10.1.0.2", 3, 0);
    web("10.1.0.1");
    bench.sync();

    bench = restarted();
    web("10.1.0.1");
    assertThat(bench.fullSync().didNothing()).isTrue();
    assertThat(servers(WEB)).containsEntry("10.1.0.2:8080", RealServer.DRAINING);

    connections(WEB, "10.1.0.2", 0, 0);
    bench.sync();
    assertThat(servers(WEB)).containsOnlyKeys("10.1.0.1:8080");
  }

  @Test
  void returningServerGetsItsWeightBackInPlace() {
    web("10.1.0.1", "10.1.0.2");
    bench.fullSync();
    connections(WEB, "10.1.0.2", 3, 0);
    web("10.1.0.1");
    bench.sync();

    web("10.1.0.1", "10.1.0.2");
    SyncReport report = bench.sync();

    assertThat(report.done()).hasSize(1).first().asString().contains("-e").contains("-w 1");
    assertThat(servers(WEB)).containsEntry("10.1.0.2:8080", 1);
  }

  @Test
  void drainTimeoutEndsWhatLastsTooLong() {
    PlanSettings plan =
        new PlanSettings(
            PlanSettings.DEFAULT.scheduler(), Optional.of(Duration.ofMinutes(5)), Set.of());
    bench = new Bench(new FakeKernel(), new VipBinding.ByRoute(Map.of()), plan);
    web("10.1.0.1", "10.1.0.2");
    bench.fullSync();
    connections(WEB, "10.1.0.2", 1, 0);
    web("10.1.0.1");
    bench.sync();

    bench.now = bench.now.plus(Duration.ofMinutes(4));
    bench.sync();
    assertThat(servers(WEB)).containsKey("10.1.0.2:8080");

    bench.now = bench.now.plus(Duration.ofMinutes(1));
    bench.sync();
    assertThat(servers(WEB)).containsOnlyKeys("10.1.0.1:8080");
  }

  @Test
  void deletedServiceWaitsForItsConnections() {
    web("10.1.0.1");
    bench.fullSync();
    connections(WEB, "10.1.0.1", 1, 0);

    bench.tracker.serviceDeleted(name("web"));
    bench.sync();
    assertThat(servers(WEB)).containsEntry("10.1.0.1:8080", RealServer.DRAINING);
    assertThat(bench.kernel.routes.allRoutes()).hasSize(1);
    assertThat(bench.kernel.sets.dump())
        .contains("add KUBE-CLUSTER-IP 10.96.0.10,tcp:80")
        .as("other ports of the address stay shut")
        .contains("add KUBE-IPVS-IPS 10.96.0.10");

    connections(WEB, "10.1.0.1", 0, 0);
    bench.sync();
    assertThat(bench.kernel.ipvs.services()).isEmpty();
    assertThat(bench.kernel.routes.allRoutes()).isEmpty();
    assertThat(bench.kernel.sets.dump()).doesNotContain("add ");
  }

  @Test
  void deletedServiceDrainsAcrossARestart() {
    web("10.1.0.1");
    bench.fullSync();
    connections(WEB, "10.1.0.1", 1, 0);
    bench.tracker.serviceDeleted(name("web"));
    bench.sync();

    bench = restarted();
    bench.tracker.listed();
    bench.fullSync();
    assertThat(servers(WEB)).containsEntry("10.1.0.1:8080", RealServer.DRAINING);

    connections(WEB, "10.1.0.1", 0, 0);
    bench.sync();
    assertThat(bench.kernel.ipvs.services()).isEmpty();
    assertThat(bench.kernel.routes.allRoutes()).isEmpty();
    assertThat(bench.kernel.sets.dump()).doesNotContain("add ");
  }

  @Test
  void deletedServiceKeepsItsOwnDrainTimeout() {
    Service plain = service("web", OLD, Protocol.TCP, "10.96.0.10");
    bench.tracker.service(with(plain, Optional.empty(), Optional.of(Duration.ofSeconds(20))));
    bench.tracker.slice(slice("web", Protocol.TCP, "10.1.0.1"));
    bench.tracker.listed();
    bench.fullSync();
    connections(WEB, "10.1.0.1", 1, 0);
    bench.tracker.serviceDeleted(name("web"));
    bench.sync();

    bench.now = bench.now.plusSeconds(19);
    bench.fullSync();
    assertThat(servers(WEB)).containsEntry("10.1.0.1:8080", RealServer.DRAINING);

    bench.now = bench.now.plusSeconds(1);
    bench.sync();
    assertThat(bench.kernel.ipvs.services()).isEmpty();
  }

  @Test
  void udpServerGoesAtOnceWithItsFlows() {
    dns("10.1.0.1", "10.1.0.2");
    bench.fullSync();
    connections(DNS, "10.1.0.2", 9, 9);

    dns("10.1.0.1");
    bench.sync();

    assertThat(servers(DNS)).containsOnlyKeys("10.1.0.1:8080");
    assertThat(bench.kernel.conntrack.deletions())
        .last()
        .hasToString(
            "-p udp --orig-dst 10.96.0.10 --orig-port-dst 80 --reply-src 10.1.0.2 --reply-port-src"
                + " 8080");
  }

  @Test
  void firstUdpServerEndsFlowsThatWentNowhere() {
    dns();
    bench.fullSync();
    dns("10.1.0.1");
    bench.sync();

    assertThat(bench.kernel.conntrack.deletions())
        .last()
        .hasToString("-p udp --orig-dst 10.96.0.10 --orig-port-dst 80");
  }

  @Test
  void exchangedServersComeBeforeTheOldOnesLeave() {
    web("10.1.0.1");
    bench.fullSync();

    web("10.1.0.2");
    List<String> done = bench.sync().done().stream().map(Object::toString).toList();

    assertThat(done.get(0)).contains("-a").contains("10.1.0.2");
    assertThat(done.get(1)).contains("10.1.0.1").contains("-w 0");
  }

  @Test
  void foreignServiceIsLeftAlone() {
    ServiceKey foreign = ServiceKey.of(Protocol.TCP, IpAddress.of("192.0.2.1"), 80);
    bench.kernel.ipvs.tamper(
        new IpvsCommand.AddService(VirtualService.of(foreign, Scheduler.ROUND_ROBIN)));
    web("10.1.0.1");

    bench.fullSync();
    bench.fullSync();

    assertThat(bench.kernel.ipvs.service(foreign)).isPresent();
  }

  @Test
  void tamperingIsRepairedByTheNextFullSync() {
    web("10.1.0.1");
    bench.fullSync();
    bench.kernel.ipvs.tamper(new IpvsCommand.DeleteService(WEB));
    bench.kernel.sets.tamper(
        new SetCommand.Delete(
            new SetName("KUBE-CLUSTER-IP"), new SetEntry.IpPort(VIP, Protocol.TCP, 80)));

    assertThat(bench.sync().didNothing()).isTrue();
    assertThat(bench.fullSync().failures()).isEmpty();

    assertThat(servers(WEB)).containsOnlyKeys("10.1.0.1:8080");
    assertThat(bench.kernel.sets.dump()).contains("add KUBE-CLUSTER-IP 10.96.0.10,tcp:80");
  }

  @Test
  void wrongWeightIsRepairedByTheNextFullSync() {
    web("10.1.0.1");
    bench.fullSync();
    RealServer server = RealServer.masquerade(IpAddress.of("10.1.0.1"), 8080, 7);
    bench.kernel.ipvs.tamper(new IpvsCommand.UpdateServer(WEB, server));

    bench.fullSync();

    assertThat(servers(WEB)).containsEntry("10.1.0.1:8080", 1);
  }

  @Test
  void oneRefusedServiceStopsNoOther() {
    web("10.1.0.1");
    bench.tracker.service(service("api", NEW, Protocol.TCP, "10.96.0.11"));
    bench.tracker.slice(slice("api", Protocol.TCP, "10.1.0.3"));
    bench.kernel.ipvs.failCommand(1, Errno.ENOMEM);

    SyncReport report = bench.fullSync();

    assertThat(report.failures()).hasSize(1).first().asString().contains("ENOMEM");
    assertThat(bench.kernel.ipvs.services()).hasSize(1);
    assertThat(bench.loop.status().isComplete()).isFalse();

    assertThat(bench.fullSync().failures()).isEmpty();
    assertThat(bench.kernel.ipvs.services()).hasSize(2);
    assertThat(bench.loop.status().isComplete()).isTrue();
  }

  /** Its address is open for another Service's port, and a program of the host may listen. */
  @Test
  void portOfAServiceThatCouldNotBeMadeIsRefusedUntilItIs() {
    web("10.1.0.1");
    bench.fullSync();
    bench.kernel.ipvs.failCommand(1, Errno.ENOMEM);
    dns("10.1.0.3");

    assertThat(bench.sync().failures()).isNotEmpty();
    assertThat(bench.kernel.sets.dump()).contains("add KUBE-NO-ENDPOINTS 10.96.0.10,udp:80");

    assertThat(bench.fullSync().failures()).isEmpty();
    assertThat(bench.kernel.ipvs.services()).hasSize(2);
    assertThat(bench.kernel.sets.dump()).doesNotContain("add KUBE-NO-ENDPOINTS");
    assertThat(bench.fullSync().didNothing()).isTrue();
  }

  @Test
  void serviceThatDrainsIsRefusedUntilItComesBack() {
    web("10.1.0.1");
    bench.fullSync();
    connections(WEB, "10.1.0.1", 1, 0);

    bench.tracker.serviceDeleted(name("web"));
    bench.sync();
    assertThat(bench.kernel.sets.dump()).contains("add KUBE-NO-ENDPOINTS 10.96.0.10,tcp:80");
    assertThat(bench.fullSync().done()).isEmpty();

    web("10.1.0.1");
    bench.sync();
    assertThat(servers(WEB)).containsOnly(Map.entry("10.1.0.1:8080", 1));
    assertThat(bench.kernel.sets.dump()).doesNotContain("add KUBE-NO-ENDPOINTS");
  }

  @Test
  void addressWithoutItsSetEntryIsNotServed() {
    bench.kernel.sets.refuse(
        command ->
            command instanceof SetCommand.Add add && add.set().value().equals("KUBE-CLUSTER-IP")
                ? Optional.of(Errno.ENOMEM)
                : Optional.empty());
    web("10.1.0.1");

    assertThat(bench.fullSync().failures()).isNotEmpty();
    assertThat(bench.kernel.ipvs.services()).isEmpty();
    assertThat(bench.kernel.routes.allRoutes()).isEmpty();
  }

  /** It would lead to what the host itself serves at that port. */
  @Test
  void addressWhoseServiceCouldNotBeMadeStaysClosed() {
    web("10.1.0.1");
    bench.kernel.ipvs.failCommand(1, Errno.ENOMEM);

    assertThat(bench.fullSync().failures()).isNotEmpty();
    assertThat(bench.kernel.routes.allRoutes()).isEmpty();

    assertThat(bench.fullSync().failures()).isEmpty();
    assertThat(bench.kernel.routes.allRoutes()).hasSize(1);
  }

  /** Else nobody would know any more that it is ours. */
  @Test
  void serviceThatCouldNotBeDeletedKeepsItsSetEntry() {
    web();
    bench.fullSync();
    bench.tracker.serviceDeleted(name("web"));
    bench.kernel.ipvs.failCommand(1, Errno.ENOMEM);

    assertThat(bench.sync().failures()).isNotEmpty();
    assertThat(header(CLUSTER_IP).elements()).isOne();

    assertThat(bench.fullSync().failures()).isEmpty();
    assertThat(bench.kernel.ipvs.services()).isEmpty();
    assertThat(header(CLUSTER_IP).elements()).isZero();
  }

  @Test
  void bindingCanBeExchangedBothWays() {
    web("10.1.0.1");
    bench.fullSync();

    bench = new Bench(bench.kernel, new VipBinding.ByAddress(Bench.DEVICE), PlanSettings.DEFAULT);
    web("10.1.0.1");
    assertThat(bench.fullSync().failures()).isEmpty();
    assertThat(bench.kernel.routes.allRoutes()).isEmpty();
    assertThat(bench.fullSync().didNothing()).isTrue();

    bench = restarted();
    web("10.1.0.1");
    assertThat(bench.fullSync().failures()).isEmpty();
    assertThat(bench.kernel.routes.allRoutes()).hasSize(1);
    assertThat(bench.fullSync().didNothing()).isTrue();
  }

  @Test
  void nodeWithoutAnObjectIsKnownByItsAddresses() {
    FakeKernel kernel = new FakeKernel();
    kernel.addDevice("eth0", "169.254.0.1", "10.0.2.15", "10.0.2.16");
    bench = new Bench(kernel, node -> new VipBinding.ByRoute(sources(node)));
    web("10.1.0.1");

    bench.fullSync();
    assertThat(kernel.routes.allRoutes())
        .singleElement()
        .satisfies(route -> assertThat(route.source()).contains(IpAddress.of("10.0.2.15")));

    bench.tracker.node(new NodeInfo("node1", List.of(IpAddress.of("10.0.2.16")), "", List.of()));
    bench.sync();
    assertThat(kernel.routes.allRoutes())
        .singleElement()
        .satisfies(route -> assertThat(route.source()).contains(IpAddress.of("10.0.2.16")));
    assertThat(bench.fullSync().didNothing()).isTrue();
  }

  @Test
  void schedulerTheKernelLacksIsReplacedByTheDefault() {
    Service plain = service("web", OLD, Protocol.TCP, "10.96.0.10");
    bench.tracker.service(withScheduler(plain, "nonesuch"));
    bench.tracker.slice(slice("web", Protocol.TCP, "10.1.0.1"));
    bench.tracker.listed();

    assertThat(bench.fullSync().failures()).isEmpty();
    assertThat(bench.kernel.ipvs.services()).hasSize(1);

    assertThat(bench.kernel.ipvs.service(WEB).orElseThrow().service().scheduler())
        .isEqualTo(Scheduler.ROUND_ROBIN);
    assertThat(servers(WEB)).containsOnlyKeys("10.1.0.1:8080");
  }

  private static Service withScheduler(Service service, String name) {
    return with(service, Optional.of(SchedulerChoice.of(new Scheduler(name))), Optional.empty());
  }

  private static Service with(
      Service service, Optional<SchedulerChoice> scheduler, Optional<Duration> drainTimeout) {
    ServiceSettings settings =
        new ServiceSettings(
            scheduler,
            drainTimeout,
            Collections.emptySortedMap(),
            Collections.emptySortedMap(),
            Optional.empty());
    return new Service(
        service.name(),
        service.uid(),
        service.resourceVersion(),
        service.created(),
        service.type(),
        service.clusterIps(),
        service.ports(),
        service.affinityTimeout(),
        service.internalPolicy(),
        service.external(),
        settings);
  }

  @Test
  void addressTheNodeDoesNotHaveIsNoSource() {
    FakeKernel kernel = new FakeKernel();
    kernel.addDevice("eth0", "10.0.2.15");
    bench = new Bench(kernel, node -> new VipBinding.ByRoute(sources(node)));
    bench.tracker.node(new NodeInfo("node1", List.of(IpAddress.of("203.0.113.9")), "", List.of()));
    web("10.1.0.1");

    assertThat(bench.fullSync().failures()).isEmpty();
    assertThat(kernel.routes.allRoutes())
        .singleElement()
        .satisfies(route -> assertThat(route.source()).contains(IpAddress.of("10.0.2.15")));
  }

  private static Map<AddressFamily, IpAddress> sources(NodeInfo node) {
    return node.address(AddressFamily.IPV4)
        .map(address -> Map.of(AddressFamily.IPV4, address))
        .orElse(Map.of());
  }

  @Test
  void familyTheNodeLacksIsNotServed() {
    bench =
        new Bench(
            new FakeKernel().withoutIpv6(), new VipBinding.ByRoute(Map.of()), PlanSettings.DEFAULT);
    web("10.1.0.1");
    bench.tracker.service(service("six", OLD, Protocol.TCP, "fd00:96::10"));

    assertThat(bench.fullSync().failures()).isEmpty();
    assertThat(bench.kernel.ipvs.services()).hasSize(1);
  }

  private Bench restarted() {
    return new Bench(bench.kernel, new VipBinding.ByRoute(Map.of()), PlanSettings.DEFAULT);
  }

  private void web(String... servers) {
    bench.tracker.service(service("web", OLD, Protocol.TCP, "10.96.0.10"));
    bench.tracker.slice(slice("web", Protocol.TCP, servers));
    bench.tracker.listed();
  }

  private void dns(String... servers) {
    bench.tracker.service(service("dns", OLD, Protocol.UDP, "10.96.0.10"));
    bench.tracker.slice(slice("dns", Protocol.UDP, servers));
    bench.tracker.listed();
  }

  private void connections(ServiceKey key, String server, int active, int inactive) {
    bench.kernel.ipvs.setConnections(
        key, new ServerKey(IpAddress.of(server), 8080), active, inactive);
  }

  private Map<String, Integer> servers(ServiceKey key) {
    Map<String, Integer> weights = new TreeMap<>();
    for (ObservedServer observed : bench.kernel.ipvs.servers(key)) {
      weights.put(observed.server().key().toString(), observed.server().weight());
    }
    return weights;
  }
}
