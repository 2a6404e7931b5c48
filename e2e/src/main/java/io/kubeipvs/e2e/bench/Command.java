package io.kubeipvs.e2e.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A command line to be measured. */
record Command(List<String> words, Path stdin) {
  private static final Path NOTHING = Path.of("/dev/null");

  static Command of(String... words) {
    return new Command(List.of(words), NOTHING);
  }

  /** A program of this package, in a JVM as the daemon's would be. */
  static Command program(String... arguments) {
    List<String> words =
        new ArrayList<>(List.of(System.getenv("KUBE_IPVS_BENCH_JAVA").split(" ", -1)));
    words.add(Program.class.getName());
    words.addAll(List.of(arguments));
    return new Command(words, NOTHING);
  }

  Command reading(Path file) {
    return new Command(words, file);
  }

  /** In a network namespace that {@code ip netns add} made. */
  Command in(String namespace) {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    all.addAll(words);
    return new Command(all, stdin);
  }

  /** Runs it to its end; anything but success is an error. */
  Run run() throws IOException, InterruptedException {
    Idle.await();
    File output = File.createTempFile("output", "", new File("/dev/shm"));
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .redirectInput(stdin.toFile())
            .redirectOutput(output)
            .redirectErrorStream(true);
    builder.environment().put("KUBE_IPVS_LOG_LEVEL", "debug");
    long start = System.nanoTime();
    Process process = builder.start();
    long peakKib = 0;
    // The kernel forgets the figure with the process; a last look may be this much too early.
    while (!process.waitFor(20, TimeUnit.MILLISECONDS)) {
      peakKib = Math.max(peakKib, Proc.peakKib(process.pid()));
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    String text = Files.readString(output.toPath());
    Files.delete(output.toPath());
    if (process.exitValue() != 0) {
      throw new IOException(words + " ended with " + process.exitValue() + ": " + text);
    }
    return new Run(seconds, peakKib, text);
  }

  /** The run of median length. */
  Run repeat(int times, Preparation before) throws IOException, InterruptedException {
    List<Run> runs = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      before.prepare();
      runs.add(run());
    }
    return Run.median(runs);
  }

  /** What is done before each run, unmeasured. */
  interface Preparation {
    void prepare() throws IOException, InterruptedException;
  }
}
