package io.kubeipvs.e2e.bench;

import io.kubeipvs.e2e.bench.Report.Target;
import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.netlink.NetlinkIpvs;
import io.kubeipvs.netlink.NetlinkTrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** One endpoint more, in a small cluster and in a large one. */
final class ChangeBench {
  private static final long POLL_NANOSECONDS = 500_000;
  private static final long PATIENCE_NANOSECONDS = 30_000_000_000L;

  /** Fresh code is slow code: so many changes come before those that count. */
  private static final int WARM_UP = 10;

  private final Size size;
  private final Path scratch;
  private final Report report;

  ChangeBench(Size size, Path scratch, Report report) {
    this.size = size;
    this.scratch = scratch;
    this.report = report;
  }

  /**
   * Of one cluster.
   *
   * @param changes from the file's new name to the server in the kernel
   * @param source from the file's new name to the source's telling of it
   * @param cpuSeconds of the daemon for one change
   */
  private record Cluster(
      Samples changes, Samples source, Samples syncs, double cpuSeconds, long messages, long rss) {}

  void run() throws IOException, InterruptedException {
    report.section("One endpoint more, file renamed -> server in the kernel");
    Cluster small = measure(size.few());
    Cluster large = measure(size.services());
    report.target(
        "median at %,d services, of that at %,d".formatted(size.services(), size.few()),
        large.changes().median() / small.changes().median(),
        "x",
        Target.atMost(1.3));
    report.target(
        "processor time for a change, of that at %,d".formatted(size.few()),
        large.cpuSeconds() / small.cpuSeconds(),
        "x",
        Target.atMost(1.3));
    report.target(
        "netlink messages for a change, of those at %,d".formatted(size.few()),
        large.messages() / (double) small.messages(),
        "x",
        Target.atMost(1));
    report.target(
        "p99 at %,d services, less the wait for quiet".formatted(size.services()),
        large.changes().percentile(99) * 1000 - 25,
        "ms",
        Target.atMost(20));
  }

  private Cluster measure(int services) throws IOException, InterruptedException {
    ManifestFiles manifests = ManifestFiles.write(scratch, services, size.serversEach());
    Cluster cluster;
    try (NetlinkIpvs kernel = NetlinkIpvs.open(NetlinkTrace.NONE)) {
      cluster = measure(manifests, kernel);
    }
    Proxy.cleanUp();
    String at = "%,d x %d: ".formatted(services, size.serversEach());
    report.milliseconds(at + "rename -> kernel", cluster.changes());
    report.milliseconds(at + "  rename -> told by the manifests' source", cluster.source());
    report.milliseconds(at + "  the sync itself, by the daemon's log", cluster.syncs());
    report.figure(
        at + "processor time of the daemon for a change",
        "%9.1f ms".formatted(cluster.cpuSeconds() * 1000));
    report.figure(at + "netlink messages for a change", "%9d".formatted(cluster.messages()));
    report.figure(at + "the daemon's peak memory", "%9.1f MiB".formatted(cluster.rss() / 1024.0));
    return cluster;
  }

  private Cluster measure(ManifestFiles manifests, NetlinkIpvs kernel)
      throws IOException, InterruptedException {
    Samples changes;
    Samples syncs;
    double cpuSeconds;
    long rss;
    try (Proxy proxy = Proxy.start(manifests, "--ipvs-sync-period=1h").awaitSynced()) {
      changes(manifests, kernel, size.serversEach() + 1, WARM_UP);
      int before = proxy.syncs().size();
      double cpuBefore = proxy.cpuSeconds();
      changes = changes(manifests, kernel, size.serversEach() + 2, size.changes());
      cpuSeconds = (proxy.cpuSeconds() - cpuBefore) / size.changes();
      List<Double> all = proxy.syncs();
      syncs = new Samples(all.subList(before, all.size()).stream().map(ms -> ms / 1e3).toList());
      rss = proxy.peakKib();
    }
    return new Cluster(
        changes, source(manifests), syncs, cpuSeconds, messages(manifests, kernel), rss);
  }

  private Samples changes(ManifestFiles manifests, NetlinkIpvs kernel, int endpoints, int times)
      throws IOException, InterruptedException {
    List<Double> samples = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      int service = i * 37 % manifests.services();
      int more = endpoints + i / manifests.services();
      manifests.prepare(service, more);
      Thread.sleep(100 + i * 7 % 50); // not in step with anything
      samples.add(change(manifests, kernel, service, more));
    }
    return new Samples(samples);
  }

  private static double change(
      ManifestFiles manifests, NetlinkIpvs kernel, int service, int endpoints) throws IOException {
    ServiceKey key = manifests.key(service);
    ServerKey server = new ServerKey(ManifestFiles.endpoint(service, endpoints - 1), 8080);
    long start = System.nanoTime();
    manifests.publish(service);
    while (!has(kernel.servers(key), server)) {
      if (System.nanoTime() - start > PATIENCE_NANOSECONDS) {
        throw new IOException(key + " never had " + server);
      }
      LockSupport.parkNanos(POLL_NANOSECONDS);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static boolean has(List<ObservedServer> servers, ServerKey key) {
    return servers.stream().anyMatch(server -> server.server().key().equals(key));
  }

  /** The same changes, told to us instead of to a daemon. */
  private Samples source(ManifestFiles manifests) throws IOException, InterruptedException {
    try (SourceProbe probe = SourceProbe.start(manifests)) {
      List<Double> samples = new ArrayList<>();
      for (int i = 0; i < WARM_UP + size.changes(); i++) {
        int service = i * 37 % manifests.services();
        manifests.prepare(service, 1 + i % 2 + i / manifests.services() % 2);
        Thread.sleep(100 + i * 7 % 50);
        samples.add(probe.change(service));
      }
      return new Samples(samples.subList(WARM_UP, samples.size()));
    }
  }

  /** Sent for one change by a daemon that found the kernel as it should be. */
  private long messages(ManifestFiles manifests, NetlinkIpvs kernel)
      throws IOException, InterruptedException {
    Path trace = scratch.resolve("trace");
    Files.deleteIfExists(trace);
    try (Proxy proxy =
        Proxy.start(manifests, "--ipvs-sync-period=1h", "--netlink-trace=" + trace)) {
      proxy.awaitSynced();
      int service = manifests.services() - 1;
      int endpoints = size.serversEach() + 4;
      manifests.prepare(service, endpoints);
      change(manifests, kernel, service, endpoints);
      Idle.await();
      long before = sent(trace);
      manifests.prepare(service, endpoints + 1);
      change(manifests, kernel, service, endpoints + 1);
      Idle.await();
      return sent(trace) - before;
    }
  }

  private static long sent(Path trace) throws IOException {
    try (var lines = Files.lines(trace)) {
      return lines.filter(line -> line.startsWith("> ")).count();
    }
  }
}
