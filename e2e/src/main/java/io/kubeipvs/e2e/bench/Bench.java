package io.kubeipvs.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code Bench SIZE SECTION}: measures one section and prints it. Owns its network namespace. */
public final class Bench {
  private Bench() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Size size = Size.named(arguments[0]);
    Path scratch = Files.createTempDirectory(Path.of("/dev/shm"), "bench");
    Report report = new Report(System.out);
    switch (arguments[1]) {
      case "ipvs" -> new IpvsBench(size, scratch, report).run();
      case "sets" -> new SetsBench(size, scratch, report).run();
      case "vips" -> new VipsBench(size, scratch, report).run();
      case "change" -> new ChangeBench(size, scratch, report).run();
      case "start" -> new StartBench(size, scratch, report).run();
      case "resync" -> new ResyncBench(size, scratch, report).run();
      case "scrape" -> new ScrapeBench(size, scratch, report).run();
      default -> throw new IllegalArgumentException("section " + arguments[1]);
    }
  }
}
