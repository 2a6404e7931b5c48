package io.kubeipvs.proxy.sync;

import static io.kubeipvs.proxy.Objects.NEW;
import static io.kubeipvs.proxy.Objects.name;
import static io.kubeipvs.proxy.Objects.service;
import static io.kubeipvs.proxy.Objects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.Errno;
import io.kubeipvs.proxy.plan.ipvs.KubeSet;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the kernel refuses stops nothing else, and opens nothing that could lead astray. */
class RefusalLoopTest {
  private static final SetName CLUSTER_IP = KubeSet.CLUSTER_IP.name(AddressFamily.IPV4);

  private final Bench bench = new Bench();

  @Test
  void oneRefusedServiceStopsNoOther() {
    bench.web("10.1.0.1");
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
    bench.web("10.1.0.1");
    bench.fullSync();
    bench.kernel.ipvs.failCommand(1, Errno.ENOMEM);
    bench.dns("10.1.0.3");

    assertThat(bench.sync().failures()).isNotEmpty();
    assertThat(bench.kernel.sets.dump()).contains("add KUBE-NO-ENDPOINTS 10.96.0.10,udp:80");

    assertThat(bench.fullSync().failures()).isEmpty();
    assertThat(bench.kernel.ipvs.services()).hasSize(2);
    assertThat(bench.kernel.sets.dump()).doesNotContain("add KUBE-NO-ENDPOINTS");
    assertThat(bench.fullSync().didNothing()).isTrue();
  }

  @Test
  void addressWithoutItsSetEntryIsNotServed() {
    bench.kernel.sets.refuse(
        command ->
            command instanceof SetCommand.Add add && add.set().value().equals("KUBE-CLUSTER-IP")
                ? Optional.of(Errno.ENOMEM)
                : Optional.empty());
    bench.web("10.1.0.1");

    assertThat(bench.fullSync().failures()).isNotEmpty();
    assertThat(bench.kernel.ipvs.services()).isEmpty();
    assertThat(bench.kernel.routes.allRoutes()).isEmpty();
  }

  /** It would lead to what the host itself serves at that port. */
  @Test
  void addressWhoseServiceCouldNotBeMadeStaysClosed() {
    bench.web("10.1.0.1");
    bench.kernel.ipvs.failCommand(1, Errno.ENOMEM);

    assertThat(bench.fullSync().failures()).isNotEmpty();
    assertThat(bench.kernel.routes.allRoutes()).isEmpty();

    assertThat(bench.fullSync().failures()).isEmpty();
    assertThat(bench.kernel.routes.allRoutes()).hasSize(1);
  }

  /** Else nobody would know any more that it is ours. */
  @Test
  void serviceThatCouldNotBeDeletedKeepsItsSetEntry() {
    bench.web();
    bench.fullSync();
    bench.tracker.serviceDeleted(name("web"));
    bench.kernel.ipvs.failCommand(1, Errno.ENOMEM);

    assertThat(bench.sync().failures()).isNotEmpty();
    assertThat(bench.header(CLUSTER_IP).elements()).isOne();

    assertThat(bench.fullSync().failures()).isEmpty();
    assertThat(bench.kernel.ipvs.services()).isEmpty();
    assertThat(bench.header(CLUSTER_IP).elements()).isZero();
  }
}
