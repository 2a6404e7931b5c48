package io.kubeipvs.e2e.bench;

import io.kubeipvs.e2e.bench.Report.Target;
import java.io.IOException;
import java.nio.file.Path;

/** One set from empty: our client and the tool. */
final class SetsBench {
  private final Size size;
  private final Path scratch;
  private final Report report;

  SetsBench(Size size, Path scratch, Report report) {
    this.size = size;
    this.scratch = scratch;
    this.report = report;
  }

  void run() throws IOException, InterruptedException {
    Path input = InputFile.write(scratch, Workloads.set(size.setEntries()));
    String entries = String.valueOf(size.setEntries());
    int times = size.repetitions();
    Run tool = Command.of("ipset", "restore").reading(input).repeat(times, SetsBench::destroy);
    Run cold = Command.program("sets", "0", entries).repeat(times, SetsBench::destroy);
    destroy();
    Run warm = Command.program("sets", String.valueOf(times), entries).run();
    double warmSeconds = warm.printed("fill").withoutFirst().median();
    report.section("One set hash:ip,port, %,d entries, from none".formatted(size.setEntries()));
    report.run("ipset restore", tool);
    report.run("our client, a fresh process, start to end", cold);
    report.seconds("  of which sending, first time in the JVM", cold.printed("fill").first());
    report.run("our client, one process that does it again and again", warm);
    report.seconds("  of which sending once, warm (median)", warmSeconds);
    report.target(
        "times faster than ipset restore, warm",
        tool.seconds() / warmSeconds,
        "x",
        Target.atLeast(1));
    report.target(
        "times faster, fresh process with its JVM",
        tool.seconds() / cold.seconds(),
        "x",
        Target.atLeast(1));
  }

  private static void destroy() throws IOException, InterruptedException {
    Command.of("ipset", "destroy").run();
  }
}
