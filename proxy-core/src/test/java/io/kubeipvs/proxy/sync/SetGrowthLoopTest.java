package io.kubeipvs.proxy.sync;

import static io.kubeipvs.proxy.Objects.OLD;
import static io.kubeipvs.proxy.Objects.name;
import static io.kubeipvs.proxy.Objects.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetErrno;
import io.kubeipvs.ipset.SetGrowth;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.ipset.SetSpec;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.plan.ipvs.KubeSet;
import org.junit.jupiter.api.Test;

/** Sets that are too small, for what is wanted or for what others put into them. */
class SetGrowthLoopTest {
  private static final SetName CLUSTER_IP = KubeSet.CLUSTER_IP.name(AddressFamily.IPV4);

  private final Bench bench = new Bench();

  @Test
  void aSetGrowsBeforeItOverflows() {
    bench.web("10.1.0.1");
    bench.fullSync();
    bench.kernel.sets.setReferences(CLUSTER_IP, 1);
    fillClusterIps(65_535);
    more("more", "10.96.0.11");

    SyncReport report = bench.fullSync();

    assertThat(report.failures()).isEmpty();
    assertThat(bench.header(CLUSTER_IP).maximumElements()).isEqualTo(131_072);
    assertThat(bench.header(CLUSTER_IP).elements()).isEqualTo(2);
    assertThat(bench.header(CLUSTER_IP).references()).isEqualTo(1);
    assertThat(bench.kernel.sets.dump()).doesNotContain(SetGrowth.TEMPORARY_PREFIX);
    assertThat(bench.fullSync().done()).isEmpty();
  }

  @Test
  void aSetThatOthersFilledGrowsAfterTheKernelRefused() {
    bench.web("10.1.0.1");
    bench.fullSync();
    fillClusterIps(65_535);
    more("more", "10.96.0.11");

    assertThat(bench.sync().failures())
        .first()
        .satisfies(failure -> assertThat(failure.errno()).contains(SetErrno.HASH_FULL));

    assertThat(bench.fullSync().failures()).isEmpty();
    assertThat(bench.header(CLUSTER_IP).elements()).isEqualTo(2);
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
    bench.web("10.1.0.1");

    assertThat(bench.fullSync().failures()).isEmpty();

    assertThat(bench.header(CLUSTER_IP).serves(spec)).isTrue();
    assertThat(bench.header(CLUSTER_IP).elements()).isEqualTo(2);
    assertThat(bench.kernel.sets.dump()).doesNotContain(SetGrowth.TEMPORARY_PREFIX);
    assertThat(bench.fullSync().done()).isEmpty();
  }

  private void more(String name, String clusterIp) {
    bench.tracker.service(service(name, OLD, Protocol.TCP, clusterIp));
  }

  /** As somebody else would. */
  private void fillClusterIps(int entries) {
    for (int i = 0; i < entries; i++) {
      IpAddress address = IpAddress.of("10.2." + (i >> 8) + "." + (i & 0xff));
      SetEntry entry = new SetEntry.IpPort(address, Protocol.TCP, 80);
      bench.kernel.sets.tamper(new SetCommand.Add(CLUSTER_IP, entry));
    }
  }
}
