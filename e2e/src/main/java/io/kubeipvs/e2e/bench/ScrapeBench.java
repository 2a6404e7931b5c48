package io.kubeipvs.e2e.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What it costs when somebody asks a daemon how it is, next to the tool's own list. */
final class ScrapeBench {
  private static final String AT = "http://127.0.0.1:10249";
  private static final int ROUNDS = 5;
  private static final int SERVERS_EACH = 10;

  private final Size size;
  private final Path scratch;
  private final Report report;

  ScrapeBench(Size size, Path scratch, Report report) {
    this.size = size;
    this.scratch = scratch;
    this.report = report;
  }

  void run() throws IOException, InterruptedException {
    int services = 2 * size.services();
    ManifestFiles manifests = ManifestFiles.write(scratch, services, SERVERS_EACH);
    report.section(
        "Asked how it is, %,d virtual services x %d real servers"
            .formatted(services, SERVERS_EACH));
    for (String limit : List.of("0", "2000", "20000")) {
      try (Proxy proxy = Proxy.start(manifests, "--metrics-detail-limit=" + limit).awaitSynced()) {
        report.figure("memory before, limit " + limit, mebibytes(proxy));
        ask(proxy, "/metrics", "/metrics, detail limit " + limit);
        report.figure("memory after", mebibytes(proxy));
        if (limit.equals("2000")) {
          ask(proxy, "/debug/state?search=1", "/debug/state, a page of a search");
          ask(proxy, "/debug/history", "/debug/history");
          report.figure("memory after", mebibytes(proxy));
          listings();
        }
      }
    }
    Proxy.cleanUp();
  }

  /**
   * Each a process of its own, beside the daemon; on one processor their time is processor time.
   */
  private void listings() throws IOException, InterruptedException {
    Run tools = listing("ipvsadm", "-Ln");
    Run same = listing(Proxy.launcher(), "ipvsadm", "-Ln");
    report.ratio("ipvsadm's time / ours", tools.seconds() / same.seconds());
    if (!same.output().equals(tools.output())) {
      throw new IOException("kube-ipvs ipvsadm -Ln does not print what ipvsadm -Ln prints");
    }
    listing(Proxy.launcher(), "list");
    listing(Proxy.launcher(), "list", "service-1");
  }

  private Run listing(String... words) throws IOException, InterruptedException {
    Run run = Command.of(words).repeat(ROUNDS, () -> {});
    String name = words[0].endsWith("kube-ipvs") ? "kube-ipvs " : words[0] + " ";
    report.run(name + String.join(" ", List.of(words).subList(1, words.length)), run);
    return run;
  }

  private void ask(Proxy proxy, String path, String what) throws IOException, InterruptedException {
    get(path); // fresh code is slow code
    List<Double> times = new ArrayList<>();
    double cpu = proxy.cpuSeconds();
    int length = 0;
    for (int i = 0; i < ROUNDS; i++) {
      Thread.sleep(2000); // what was just read is not read again
      long began = System.nanoTime();
      length = get(path);
      times.add((System.nanoTime() - began) / 1e9);
    }
    report.seconds(what + ": until answered (median)", new Samples(times).median());
    report.seconds("  processor time of the daemon for each", (proxy.cpuSeconds() - cpu) / ROUNDS);
    report.figure(
        "  length, compressed where it can be", "%.2f MiB".formatted(length / 1024.0 / 1024));
  }

  /** As Prometheus asks, and browsers. */
  private static int get(String path) throws IOException {
    URLConnection connection = new URL(AT + path).openConnection();
    connection.setRequestProperty("Accept-Encoding", "gzip");
    try (InputStream in = connection.getInputStream()) {
      return in.readAllBytes().length;
    }
  }

  private static String mebibytes(Proxy proxy) {
    return "%.1f MiB, peak %.1f MiB"
        .formatted(proxy.residentKib() / 1024.0, proxy.peakKib() / 1024.0);
  }
}
