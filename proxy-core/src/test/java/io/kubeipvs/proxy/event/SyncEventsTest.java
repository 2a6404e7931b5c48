package io.kubeipvs.proxy.event;

import static io.kubeipvs.proxy.Objects.NEW;
import static io.kubeipvs.proxy.Objects.OLD;
import static io.kubeipvs.proxy.Objects.service;
import static io.kubeipvs.proxy.Objects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.source.Problem;
import io.kubeipvs.proxy.state.ChangeTracker;
import io.kubeipvs.proxy.sync.Bench;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SyncEventsTest {
  private final Bench bench = new Bench();
  private final List<Event> sent = new ArrayList<>();
  private final SyncEvents events = new SyncEvents("node1", sent::add);

  @Test
  void conflictIsToldToTheLoserOnce() {
    bench.tracker.service(service("web", OLD, Protocol.TCP, "10.96.0.10"));
    bench.tracker.service(service("thief", NEW, Protocol.TCP, "10.96.0.10"));
    bench.tracker.listed();
    sync();
    sync();

    assertThat(sent).hasSize(1);
    assertThat(sent.get(0).about().name()).isEqualTo("thief");
    assertThat(sent.get(0).reason()).isEqualTo("AddressConflict");
  }

  @Test
  void rejectedFieldIsToldToItsObject() {
    bench.tracker.problems(
        List.of(
            new Problem("a.yaml", "Service default/web", "metadata.annotations.x", "is wrong"),
            new Problem("b.yaml", "", "", "cannot be read")));
    bench.tracker.listed();
    sync();

    assertThat(sent)
        .extracting(event -> event.about() + " " + event.reason())
        .containsExactly("Service default/web InvalidField", "Node node1 InvalidField");
  }

  @Test
  void repairIsToldToTheNode() {
    bench.tracker.service(service("web", OLD, Protocol.TCP, "10.96.0.10"));
    bench.tracker.slice(slice("web", Protocol.TCP, "10.1.0.1"));
    bench.tracker.listed();
    sync();
    bench.kernel.ipvs.tamper(
        new IpvsCommand.DeleteService(ServiceKey.of(Protocol.TCP, IpAddress.of("10.96.0.10"), 80)));
    sync();

    assertThat(sent).hasSize(1);
    assertThat(sent.get(0).reason()).isEqualTo("DriftRepaired");
    assertThat(sent.get(0).note()).contains("4 operations").contains("10.96.0.10:80");
  }

  private void sync() {
    events.synced(bench.fullSync(), bench.loop.status(), ChangeTracker.Applied.NOTHING);
  }
}
