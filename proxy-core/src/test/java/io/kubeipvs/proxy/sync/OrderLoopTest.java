package io.kubeipvs.proxy.sync;

import static io.kubeipvs.proxy.Objects.NEW;
import static io.kubeipvs.proxy.Objects.OLD;
import static io.kubeipvs.proxy.Objects.service;
import static io.kubeipvs.proxy.Objects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.diff.Phase;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.model.ServicePort;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** In which order a sync does what it does. */
class OrderLoopTest {
  private final Bench bench = new Bench();

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
  void exchangedServersComeBeforeTheOldOnesLeave() {
    bench.web("10.1.0.1");
    bench.fullSync();

    bench.web("10.1.0.2");
    List<String> done = bench.sync().done().stream().map(Object::toString).toList();

    assertThat(done.get(0)).contains("-a").contains("10.1.0.2");
    assertThat(done.get(1)).contains("10.1.0.1").contains("-w 0");
  }

  @Test
  void addressOpensLast() {
    bench.web("10.1.0.1");

    List<Phase> phases = bench.fullSync().done().stream().map(Operation::phase).toList();

    assertThat(phases).isSorted();
    assertThat(phases.get(phases.size() - 1)).isEqualTo(Phase.OPEN_VIPS);
  }

  /** As after a start in a large cluster. */
  private void crowd(int services) {
    for (int i = 0; i < services; i++) {
      String address = "10.98." + i / 250 + "." + (i % 250 + 1);
      bench.tracker.service(service("a" + i, OLD, Protocol.TCP, address));
      bench.tracker.slice(slice("a" + i, Protocol.TCP, "10.2." + i / 250 + "." + (i % 250 + 1)));
    }
  }

  private static int first(List<String> operations, String... words) {
    for (int i = 0; i < operations.size(); i++) {
      if (Stream.of(words).allMatch(operations.get(i)::contains)) {
        return i;
      }
    }
    return -1;
  }
}
