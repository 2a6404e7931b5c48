package io.kubeipvs.e2e.bench;

import io.kubeipvs.e2e.bench.Report.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code kube-ipvs run --once} on an empty kernel, and again on what it left. */
final class StartBench {
  private static final Pattern DONE = Pattern.compile("(\\d+) operations done, (\\d+) failed");
  private static final Pattern NODE = Pattern.compile("(?m)^(\\S+) .*: node ");
  private static final Pattern END = Pattern.compile("(?m)^(\\S+) .* operations done");
  private static final Pattern SYNC = Pattern.compile("(?:synced .* in|looked in) (\\d+) ms.*");

  private final Size size;
  private final Path scratch;
  private final Report report;

  StartBench(Size size, Path scratch, Report report) {
    this.size = size;
    this.scratch = scratch;
    this.report = report;
  }

  void run() throws IOException, InterruptedException {
    measure(size.startServices(), size.startServers());
    measure(size.services(), size.serversEach());
  }

  private void measure(int services, int serversEach) throws IOException, InterruptedException {
    ManifestFiles manifests = ManifestFiles.write(scratch, services, serversEach);
    Command once = new Command(Proxy.command(manifests, "--once"), Path.of("/dev/null"));
    Run cold = null;
    Run again = null;
    for (int i = 0; i < size.repetitions(); i++) {
      String namespace = "start-" + services + "-" + i;
      addNode(namespace);
      Run first = once.in(namespace).run();
      check(first, false);
      cold = cold == null || first.seconds() < cold.seconds() ? first : cold;
      Run second = once.in(namespace).run();
      check(second, true);
      again = again == null || second.seconds() < again.seconds() ? second : again;
      Command.of("ip", "netns", "delete", namespace).run();
    }
    if (cold != null && again != null) {
      report(services, serversEach, cold, again);
    }
  }

  private static void addNode(String namespace) throws IOException, InterruptedException {
    Command.of("ip", "netns", "add", namespace).run();
    Command.of("ip", "link", "set", "lo", "up").in(namespace).run();
    Command.of("ip", "link", "add", "node0", "type", "dummy").in(namespace).run();
    Command.of("ip", "address", "add", "192.0.2.10/24", "dev", "node0").in(namespace).run();
    Command.of("ip", "link", "set", "node0", "up").in(namespace).run();
  }

  /** Restarting must write nothing. */
  private static void check(Run run, boolean nothing) throws IOException {
    Matcher done = DONE.matcher(run.output());
    if (!done.find() || !done.group(2).equals("0") || done.group(1).equals("0") != nothing) {
      throw new IOException(run.output());
    }
  }

  private void report(int services, int serversEach, Run cold, Run again) {
    report.section(
        "The whole daemon, run --once, %,d services x %d endpoints (best of %d)"
            .formatted(services, serversEach, size.repetitions()));
    report.run("cold: process start -> all in the kernel", cold);
    phases(cold);
    report.run("restart with the kernel's state kept, 0 writes", again);
    phases(again);
    if (services == Size.FULL.startServices()) {
      // kube-proxy 1.30 in such a guest: 116 s to done, 10.8 s after a restart.
      report.target("cold, seconds", cold.seconds(), "s", Target.atMost(116.0 / 25));
      report.target("restart, seconds", again.seconds(), "s", Target.atMost(10.8 / 5));
    }
  }

  private void phases(Run run) {
    String log = run.output();
    double total = moment(END, log) - moment(NODE, log);
    double sync = 0;
    for (MatchResult match : SYNC.matcher(log).results().toList()) {
      sync += Double.parseDouble(match.group(1)) / 1000;
    }
    report.seconds("  of which JVM start, options, sockets, modules", run.seconds() - total);
    report.seconds("  of which reading manifests", total - sync);
    report.seconds("  of which the sync", sync);
  }

  /** The time a log line begins with, in seconds. */
  private static double moment(Pattern line, String log) {
    Matcher matcher = line.matcher(log);
    if (!matcher.find()) {
      throw new IllegalStateException(line + " is not in the log: " + log);
    }
    return Instant.parse(matcher.group(1)).toEpochMilli() / 1000.0;
  }
}
