package io.kubeipvs.e2e.bench;

import io.kubeipvs.e2e.bench.Report.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Looking at the whole kernel when nothing has changed. */
final class ResyncBench {
  private static final int PERIOD_SECONDS = 4;

  /** Between two looks when nobody says otherwise. */
  private static final double DEFAULT_PERIOD_SECONDS = 30;

  private final Size size;
  private final Path scratch;
  private final Report report;

  ResyncBench(Size size, Path scratch, Report report) {
    this.size = size;
    this.scratch = scratch;
    this.report = report;
  }

  void run() throws IOException, InterruptedException {
    ManifestFiles manifests = ManifestFiles.write(scratch, size.services(), size.serversEach());
    report.section("Idle: look at the whole kernel and compare, " + size.table());
    try (Proxy proxy =
        Proxy.start(manifests, "--ipvs-sync-period=" + PERIOD_SECONDS + "s").awaitSynced()) {
      await(proxy, 2); // fresh code is slow code
      int before = proxy.looks().size();
      int writes = proxy.syncs().size();
      double cpuBefore = proxy.cpuSeconds();
      await(proxy, before + size.periods());
      List<Double> all = proxy.looks();
      double cpu = (proxy.cpuSeconds() - cpuBefore) / (all.size() - before);
      Samples looks =
          new Samples(all.subList(before, all.size()).stream().map(ms -> ms / 1e3).toList());
      report.seconds("look and compare (median)", looks.median());
      report.seconds("processor time for each period, all threads and tools", cpu);
      report.figure("syncs that wrote", String.valueOf(proxy.syncs().size() - writes));
      report.figure("peak memory", "%.1f MiB".formatted(proxy.peakKib() / 1024.0));
      report.target("look and compare", looks.median(), "s", Target.atMost(1));
      report.target(
          "of a core, averaged over 30 s",
          cpu / DEFAULT_PERIOD_SECONDS * 100,
          "%",
          Target.atMost(2));
    }
    Proxy.cleanUp();
  }

  private static void await(Proxy proxy, int looks) throws IOException, InterruptedException {
    while (proxy.looks().size() < looks) {
      Thread.sleep(200);
    }
  }
}
