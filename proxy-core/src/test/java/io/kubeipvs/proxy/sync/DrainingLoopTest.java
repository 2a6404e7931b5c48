package io.kubeipvs.proxy.sync;

import static io.kubeipvs.proxy.Objects.OLD;
import static io.kubeipvs.proxy.Objects.name;
import static io.kubeipvs.proxy.Objects.service;
import static io.kubeipvs.proxy.Objects.settings;
import static io.kubeipvs.proxy.Objects.slice;
import static io.kubeipvs.proxy.Objects.with;
import static io.kubeipvs.proxy.sync.Bench.DNS;
import static io.kubeipvs.proxy.sync.Bench.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.conntrack.FlowFilter;
import io.kubeipvs.proxy.diff.VipBinding;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.plan.PlanSettings;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Servers and Services that go while they have connections. */
class DrainingLoopTest {
  private Bench bench = new Bench();

  @Test
  void idleServerGoesInTheSameSync() {
    bench.web("10.1.0.1", "10.1.0.2");
    bench.fullSync();

    bench.web("10.1.0.1");
    bench.sync();

    assertThat(bench.servers(WEB)).containsOnlyKeys("10.1.0.1:8080");
    assertThat(bench.loop.isDraining()).isFalse();
  }

  @Test
  void serverWithConnectionsDrainsUntilTheyEnd() {
    bench.web("10.1.0.1", "10.1.0.2");
    bench.fullSync();
    bench.connections(WEB, "10.1.0.2", 3, 0);

    bench.web("10.1.0.1");
    bench.sync();
    assertThat(bench.servers(WEB)).containsEntry("10.1.0.2:8080", RealServer.DRAINING);
    assertThat(bench.loop.isDraining()).isTrue();

    bench.connections(WEB, "10.1.0.2", 0, 2);
    bench.sync();
    assertThat(bench.servers(WEB)).containsKey("10.1.0.2:8080");

    bench.connections(WEB, "10.1.0.2", 0, 0);
    bench.sync();
    assertThat(bench.servers(WEB)).containsOnlyKeys("10.1.0.1:8080");
    assertThat(bench.loop.isDraining()).isFalse();
  }

  @Test
  void drainingSurvivesARestart() {
    bench.web("10.1.0.1", "10.1.0.2");
    bench.fullSync();
    bench.connections(WEB, "10.1.0.2", 3, 0);
    bench.web("10.1.0.1");
    bench.sync();

    bench = bench.restarted();
    bench.web("10.1.0.1");
    assertThat(bench.fullSync().didNothing()).isTrue();
    assertThat(bench.servers(WEB)).containsEntry("10.1.0.2:8080", RealServer.DRAINING);

    bench.connections(WEB, "10.1.0.2", 0, 0);
    bench.sync();
    assertThat(bench.servers(WEB)).containsOnlyKeys("10.1.0.1:8080");
  }

  @Test
  void returningServerGetsItsWeightBackInPlace() {
    bench.web("10.1.0.1", "10.1.0.2");
    bench.fullSync();
    bench.connections(WEB, "10.1.0.2", 3, 0);
    bench.web("10.1.0.1");
    bench.sync();

    bench.web("10.1.0.1", "10.1.0.2");
    SyncReport report = bench.sync();

    assertThat(report.done()).hasSize(1).first().asString().contains("-e").contains("-w 1");
    assertThat(bench.servers(WEB)).containsEntry("10.1.0.2:8080", 1);
  }

  @Test
  void drainTimeoutEndsWhatLastsTooLong() {
    PlanSettings plan =
        new PlanSettings(
            PlanSettings.DEFAULT.scheduler(), Optional.of(Duration.ofMinutes(5)), Set.of());
    bench = new Bench(new FakeKernel(), new VipBinding.ByRoute(Map.of()), plan);
    bench.web("10.1.0.1", "10.1.0.2");
    bench.fullSync();
    bench.connections(WEB, "10.1.0.2", 1, 0);
    bench.web("10.1.0.1");
    bench.sync();

    bench.now = bench.now.plus(Duration.ofMinutes(4));
    bench.sync();
    assertThat(bench.servers(WEB)).containsKey("10.1.0.2:8080");

    bench.now = bench.now.plus(Duration.ofMinutes(1));
    bench.sync();
    assertThat(bench.servers(WEB)).containsOnlyKeys("10.1.0.1:8080");
  }

  @Test
  void deletedServiceWaitsForItsConnections() {
    bench.web("10.1.0.1");
    bench.fullSync();
    bench.connections(WEB, "10.1.0.1", 1, 0);

    bench.tracker.serviceDeleted(name("web"));
    bench.sync();
    assertThat(bench.servers(WEB)).containsEntry("10.1.0.1:8080", RealServer.DRAINING);
    assertThat(bench.kernel.routes.allRoutes()).hasSize(1);
    assertThat(bench.kernel.sets.dump())
        .contains("add KUBE-CLUSTER-IP 10.96.0.10,tcp:80")
        .as("other ports of the address stay shut")
        .contains("add KUBE-IPVS-IPS 10.96.0.10");

    bench.connections(WEB, "10.1.0.1", 0, 0);
    bench.sync();
    assertThat(bench.kernel.ipvs.services()).isEmpty();
    assertThat(bench.kernel.routes.allRoutes()).isEmpty();
    assertThat(bench.kernel.sets.dump()).doesNotContain("add ");
  }

  @Test
  void deletedServiceDrainsAcrossARestart() {
    bench.web("10.1.0.1");
    bench.fullSync();
    bench.connections(WEB, "10.1.0.1", 1, 0);
    bench.tracker.serviceDeleted(name("web"));
    bench.sync();

    bench = bench.restarted();
    bench.tracker.listed();
    bench.fullSync();
    assertThat(bench.servers(WEB)).containsEntry("10.1.0.1:8080", RealServer.DRAINING);

    bench.connections(WEB, "10.1.0.1", 0, 0);
    bench.sync();
    assertThat(bench.kernel.ipvs.services()).isEmpty();
    assertThat(bench.kernel.routes.allRoutes()).isEmpty();
    assertThat(bench.kernel.sets.dump()).doesNotContain("add ");
  }

  @Test
  void deletedServiceKeepsItsOwnDrainTimeout() {
    Service plain = service("web", OLD, Protocol.TCP, "10.96.0.10");
    bench.tracker.service(
        with(
            plain,
            settings(Optional.empty(), Optional.of(Duration.ofSeconds(20)), Optional.empty())));
    bench.tracker.slice(slice("web", Protocol.TCP, "10.1.0.1"));
    bench.tracker.listed();
    bench.fullSync();
    bench.connections(WEB, "10.1.0.1", 1, 0);
    bench.tracker.serviceDeleted(name("web"));
    bench.sync();

    bench.now = bench.now.plusSeconds(19);
    bench.fullSync();
    assertThat(bench.servers(WEB)).containsEntry("10.1.0.1:8080", RealServer.DRAINING);

    bench.now = bench.now.plusSeconds(1);
    bench.sync();
    assertThat(bench.kernel.ipvs.services()).isEmpty();
  }

  @Test
  void serviceThatDrainsIsRefusedUntilItComesBack() {
    bench.web("10.1.0.1");
    bench.fullSync();
    bench.connections(WEB, "10.1.0.1", 1, 0);

    bench.tracker.serviceDeleted(name("web"));
    bench.sync();
    assertThat(bench.kernel.sets.dump()).contains("add KUBE-NO-ENDPOINTS 10.96.0.10,tcp:80");
    assertThat(bench.fullSync().done()).isEmpty();

    bench.web("10.1.0.1");
    bench.sync();
    assertThat(bench.servers(WEB)).containsOnly(Map.entry("10.1.0.1:8080", 1));
    assertThat(bench.kernel.sets.dump()).doesNotContain("add KUBE-NO-ENDPOINTS");
  }

  @Test
  void udpServerGoesAtOnceWithItsFlows() {
    bench.dns("10.1.0.1", "10.1.0.2");
    bench.fullSync();
    bench.connections(DNS, "10.1.0.2", 9, 9);

    bench.dns("10.1.0.1");
    bench.sync();

    assertThat(bench.servers(DNS)).containsOnlyKeys("10.1.0.1:8080");
    assertThat(bench.kernel.conntrack.deletions())
        .last()
        .hasToString(
            "-p udp --orig-dst 10.96.0.10 --orig-port-dst 80 --reply-src 10.1.0.2 --reply-port-src"
                + " 8080");
  }

  @Test
  void firstUdpServerEndsFlowsThatWentNowhere() {
    bench.dns();
    bench.fullSync();
    bench.dns("10.1.0.1");
    bench.sync();

    FlowFilter flows = FlowFilter.to(Protocol.UDP, IpAddress.of("10.96.0.10"), 80);
    assertThat(bench.kernel.conntrack.deletions())
        .last()
        .as("one that leads to the server may have an answer on its way")
        .isEqualTo(flows.sparing(Set.of(new FlowFilter.Answerer(IpAddress.of("10.1.0.1"), 8080))));
  }
}
