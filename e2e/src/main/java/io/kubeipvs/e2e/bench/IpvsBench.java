package io.kubeipvs.e2e.bench;

import io.kubeipvs.e2e.bench.Report.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The IPVS table from empty: our client, the tool, and a loop that only sends. */
final class IpvsBench {
  private final Size size;
  private final Path scratch;
  private final Report report;

  IpvsBench(Size size, Path scratch, Report report) {
    this.size = size;
    this.scratch = scratch;
    this.report = report;
  }

  void run() throws IOException, InterruptedException {
    String services = String.valueOf(size.services());
    String servers = String.valueOf(size.serversEach());
    Path rules = InputFile.write(scratch, Workloads.table(size.services(), size.serversEach()));
    Path datagrams = scratch.resolve("datagrams");
    Command.program("capture", datagrams.toString(), services, servers).run();

    Command tool = Command.of("ipvsadm", "-R").reading(rules);
    Command cold = Command.program("ipvs", "0", services, servers);
    Command bare = Command.of(replay().toString(), datagrams.toString());
    List<Run> tools = new ArrayList<>();
    List<Run> colds = new ArrayList<>();
    List<Double> bares = new ArrayList<>();
    for (int i = 0; i < size.repetitions(); i++) {
      tools.add(fromEmpty(tool));
      colds.add(fromEmpty(cold));
      bares.add(fromEmpty(bare).printed("seconds").first());
    }
    Run warm =
        fromEmpty(Command.program("ipvs", String.valueOf(size.repetitions()), services, servers));
    report(Run.median(tools), Run.median(colds), warm, new Samples(bares).median());
  }

  private void report(Run tool, Run cold, Run warm, double bare) {
    double warmSeconds = warm.printed("fill").withoutFirst().median();
    report.section("IPVS only, " + size.table() + ", from empty");
    report.run("ipvsadm -R", tool);
    report.run("our client, a fresh process, start to end", cold);
    report.seconds("  of which sending, first time in the JVM", cold.printed("fill").first());
    report.run("our client, one process that does it again and again", warm);
    report.seconds("  of which sending once, warm (median)", warmSeconds);
    report.seconds("a bare loop that sends prepared messages", bare);
    double fasterWarm = tool.seconds() / warmSeconds;
    report.target("times faster than ipvsadm -R, warm", fasterWarm, "x", Target.atLeast(4.5));
    double fasterFirst = tool.seconds() / cold.printed("fill").first();
    report.target(
        "times faster than ipvsadm -R, first time in the JVM",
        fasterFirst,
        "x",
        Target.atLeast(4.5));
    report.target(
        "times faster, fresh process with its JVM",
        tool.seconds() / cold.seconds(),
        "x",
        Target.atLeast(4.5));
    report.target("of the bare loop's time, warm", warmSeconds / bare, "x", Target.atMost(1.2));
  }

  private Run fromEmpty(Command command) throws IOException, InterruptedException {
    Command.of("ipvsadm", "-C").run();
    Run run = command.run();
    long expected = (long) size.services() * (1 + size.serversEach());
    if (Proc.ipvsLines() != expected) {
      throw new IOException(command.words() + " left " + Proc.ipvsLines() + " of " + expected);
    }
    return run;
  }

  private static Path replay() {
    return Path.of(System.getProperty("kubeipvs.project"), "e2e/bench/replay");
  }
}
