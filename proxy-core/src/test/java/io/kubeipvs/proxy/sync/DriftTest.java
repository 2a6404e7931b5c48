package io.kubeipvs.proxy.sync;

import static io.kubeipvs.proxy.Objects.OLD;
import static io.kubeipvs.proxy.Objects.service;
import static io.kubeipvs.proxy.sync.Bench.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.diff.Operation;
import java.util.List;
import org.junit.jupiter.api.Test;

class DriftTest {
  private final Bench bench = new Bench();

  @Test
  void firstSyncRepairsNothing() {
    bench.web("10.1.0.1");

    assertThat(bench.fullSync().repairs()).isEmpty();
  }

  @Test
  void whatSomebodyElseTookAwayIsRepaired() {
    bench.web("10.1.0.1");
    bench.fullSync();
    bench.kernel.ipvs.tamper(
        new IpvsCommand.DeleteServer(WEB, new ServerKey(IpAddress.of("10.1.0.1"), 8080)));

    SyncReport report = bench.fullSync();

    assertThat(report.repairs()).extracting(Repair::operation).isEqualTo(report.done()).hasSize(1);
  }

  @Test
  void whatTheClusterAsksForIsNoRepair() {
    bench.web("10.1.0.1");
    bench.fullSync();
    bench.tracker.service(service("other", OLD, Protocol.TCP, "10.96.0.11"));
    bench.web("10.1.0.2");
    bench.kernel.ipvs.tamper(
        new IpvsCommand.DeleteServer(WEB, new ServerKey(IpAddress.of("10.1.0.1"), 8080)));

    SyncReport report = bench.fullSync();

    assertThat(report.done()).isNotEmpty();
    assertThat(report.repairs()).isEmpty();
  }

  @Test
  void partsOfASyncAreTimed() {
    bench.web("10.1.0.1");

    assertThat(bench.fullSync().took())
        .containsKeys("observe", "plan", "apply", "make_ground", "program_services", "open_vips");
  }

  @Test
  void serviceThatWentComesBackWithItsServers() {
    bench.web("10.1.0.1");
    bench.fullSync();
    bench.kernel.ipvs.tamper(new IpvsCommand.DeleteService(WEB));

    List<Repair> repairs = bench.fullSync().repairs();

    assertThat(repairs).filteredOn(r -> r.operation() instanceof Operation.Ipvs).hasSize(2);
  }
}
