package io.kubeipvs.proxy.sync;

import static io.kubeipvs.proxy.sync.Bench.VIP;
import static io.kubeipvs.proxy.sync.Bench.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import org.junit.jupiter.api.Test;

/** What others changed in the kernel: ours is put right, theirs is left. */
class RepairLoopTest {
  private final Bench bench = new Bench();

  @Test
  void tamperingIsRepairedByTheNextFullSync() {
    bench.web("10.1.0.1");
    bench.fullSync();
    bench.kernel.ipvs.tamper(new IpvsCommand.DeleteService(WEB));
    bench.kernel.sets.tamper(
        new SetCommand.Delete(
            new SetName("KUBE-CLUSTER-IP"), new SetEntry.IpPort(VIP, Protocol.TCP, 80)));

    assertThat(bench.sync().didNothing()).isTrue();
    assertThat(bench.fullSync().failures()).isEmpty();

    assertThat(bench.servers(WEB)).containsOnlyKeys("10.1.0.1:8080");
    assertThat(bench.kernel.sets.dump()).contains("add KUBE-CLUSTER-IP 10.96.0.10,tcp:80");
  }

  @Test
  void wrongWeightIsRepairedByTheNextFullSync() {
    bench.web("10.1.0.1");
    bench.fullSync();
    RealServer server = RealServer.masquerade(IpAddress.of("10.1.0.1"), 8080, 7);
    bench.kernel.ipvs.tamper(new IpvsCommand.UpdateServer(WEB, server));

    bench.fullSync();

    assertThat(bench.servers(WEB)).containsEntry("10.1.0.1:8080", 1);
  }

  @Test
  void thresholdsOfSomebodyElseAreFoundInTime() {
    bench.web("10.1.0.1");
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
  void foreignServiceIsLeftAlone() {
    ServiceKey foreign = ServiceKey.of(Protocol.TCP, IpAddress.of("192.0.2.1"), 80);
    bench.kernel.ipvs.tamper(
        new IpvsCommand.AddService(VirtualService.of(foreign, Scheduler.ROUND_ROBIN)));
    bench.web("10.1.0.1");

    bench.fullSync();
    bench.fullSync();

    assertThat(bench.kernel.ipvs.service(foreign)).isPresent();
  }
}
