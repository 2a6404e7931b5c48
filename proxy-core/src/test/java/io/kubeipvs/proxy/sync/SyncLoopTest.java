package io.kubeipvs.proxy.sync;

import static io.kubeipvs.proxy.Objects.OLD;
import static io.kubeipvs.proxy.Objects.service;
import static io.kubeipvs.proxy.Objects.slice;
import static io.kubeipvs.proxy.sync.Bench.WEB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.net.Protocol;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a sync reads and writes, and when it does neither. */
class SyncLoopTest {
  private Bench bench = new Bench();

  @Test
  void nothingIsProgrammedBeforeEverythingIsListed() {
    bench.tracker.service(service("web", OLD, Protocol.TCP, "10.96.0.10"));

    assertThatThrownBy(() -> bench.fullSync()).isInstanceOf(IllegalStateException.class);
    assertThat(bench.kernel.writes()).isZero();
  }

  @Test
  void firstSyncMakesEverything() {
    bench.web("10.1.0.1", "10.1.0.2");

    SyncReport report = bench.fullSync();

    assertThat(report.failures()).isEmpty();
    assertThat(bench.servers(WEB))
        .containsOnly(Map.entry("10.1.0.1:8080", 1), Map.entry("10.1.0.2:8080", 1));
    assertThat(bench.kernel.routes.allRoutes()).hasSize(1);
    assertThat(bench.kernel.routes.link("kube-ipvs0")).isPresent();
    assertThat(bench.loop.status().isComplete()).isTrue();
  }

  @Test
  void fullSyncThatFindsEverythingWritesNothing() {
    bench.web("10.1.0.1");
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
  void restartWritesNothing() {
    bench.web("10.1.0.1");
    bench.fullSync();
    int writes = bench.kernel.writes();

    bench = bench.restarted();
    bench.web("10.1.0.1");

    assertThat(bench.fullSync().didNothing()).isTrue();
    assertThat(bench.kernel.writes()).isEqualTo(writes);
  }

  @Test
  void addedEndpointIsOneCommandAndNoReading() {
    bench.web("10.1.0.1");
    bench.fullSync();
    int reads = bench.kernel.ipvs.reads();

    bench.web("10.1.0.1", "10.1.0.2");
    SyncReport report = bench.sync();

    assertThat(report.done()).hasSize(1);
    assertThat(bench.kernel.ipvs.reads()).isEqualTo(reads);
    assertThat(bench.servers(WEB)).containsKey("10.1.0.2:8080");
  }
}
