package io.kubeipvs.e2e.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code ApiBench SERVICES ENDPOINTS CHANGES}: the daemon on an API server's stand-in, from its
 * start until all is in the kernel, at rest, and through changes; time and memory. Owns its network
 * namespace. The property {@code kubeipvs.standin} is the stand-in's class path. With the
 * environment variable {@code KUBE_IPVS_BENCH_CLASSES} it shows what fills the heap.
 */
public final class ApiBench {
  private static final String STAND_IN = "io.kubeipvs.proxy.source.kubernetes.ClusterApi";
  private static final Pattern USED = Pattern.compile("used (\\d+)K");
  private static final int SECONDS_AT_REST = 40;
  private static final int LINES_SHOWN = 80;
  private static final long PATIENCE_NANOSECONDS = 900_000_000_000L;

  private final int services;
  private final int endpoints;
  private final Path scratch;
  private final Report report = new Report(System.out);

  private ApiBench(int services, int endpoints, Path scratch) {
    this.services = services;
    this.endpoints = endpoints;
    this.scratch = scratch;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path scratch = Files.createTempDirectory(Path.of("/dev/shm"), "api-bench");
    new ApiBench(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]), scratch)
        .run(Integer.parseInt(arguments[2]));
  }

  private void run(int changes) throws IOException, InterruptedException {
    Process standIn = standIn();
    try {
      Path port = scratch.resolve("port");
      await("the stand-in's port", standIn, () -> Files.exists(port), 50);
      measure(standIn, Files.readString(port).strip(), changes);
    } finally {
      standIn.destroy();
    }
  }

  private Process standIn() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath = System.getProperty("kubeipvs.standin");
    return new ProcessBuilder(
            java,
            "-XX:+UseSerialGC",
            "-Xmx512m",
            "-cp",
            classPath,
            STAND_IN,
            String.valueOf(services),
            String.valueOf(endpoints),
            scratch.resolve("port").toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private void measure(Process standIn, String port, int changes)
      throws IOException, InterruptedException {
    long began = System.nanoTime();
    Process daemon = daemon(port);
    try {
      long lines = 1L + 1 + (long) services * (1 + endpoints);
      await("everything in the kernel", daemon, () -> isSynced() && isThere(lines), 50);
      report.section(
          "The daemon on an API server, %,d services x %d endpoints, %s"
              .formatted(services, endpoints, version()));
      report.seconds("process start -> all in the kernel", (System.nanoTime() - began) / 1e9);
      report.seconds("  processor time for it", Proc.cpuSeconds(daemon.pid()));
      memory("after that", daemon);
      Thread.sleep(SECONDS_AT_REST * 1000L);
      memory("after " + SECONDS_AT_REST + " s at rest", daemon);
      live("live heap", daemon);
      memory("after that collection", daemon);
      if (changes > 0) {
        churn(standIn, daemon, changes);
      }
    } finally {
      daemon.destroy();
      daemon.waitFor();
    }
  }

  private void churn(Process standIn, Process daemon, int changes)
      throws IOException, InterruptedException {
    long began = System.nanoTime();
    double cpu = Proc.cpuSeconds(daemon.pid());
    Writer out = standIn.outputWriter();
    out.write(changes + "\n");
    out.flush();
    BufferedReader in = standIn.inputReader();
    if (in.readLine() == null) {
      throw new IOException("the stand-in ended");
    }
    await("the last change", daemon, () -> table().contains("0AFFFF"), 500);
    report.seconds(
        "%,d changes, each in the kernel".formatted(changes), (System.nanoTime() - began) / 1e9);
    report.seconds("  processor time for them", Proc.cpuSeconds(daemon.pid()) - cpu);
    memory("after them", daemon);
    Thread.sleep(SECONDS_AT_REST * 1000L);
    memory("after " + SECONDS_AT_REST + " s at rest", daemon);
    live("live heap", daemon);
    memory("after that collection", daemon);
  }

  private Process daemon(String port) throws IOException {
    return new ProcessBuilder(
            Proxy.launcher(),
            "run",
            "--master=http://127.0.0.1:" + port,
            "--hostname-override=node1",
            "--cluster-cidr=10.128.0.0/9")
        .redirectErrorStream(true)
        .redirectOutput(scratch.resolve("log").toFile())
        .start();
  }

  private boolean isSynced() throws IOException {
    return Files.readString(scratch.resolve("log")).contains("sync: ");
  }

  /** In hexadecimal digits; each line a service or a server. */
  private static String table() throws IOException {
    return Files.readString(Path.of("/proc/net/ip_vs"), StandardCharsets.US_ASCII);
  }

  private static boolean isThere(long lines) throws IOException {
    return Proc.ipvsLines() >= lines;
  }

  /** Of the resident memory, what is of files is mostly the class cache. */
  private void memory(String what, Process daemon) {
    report.figure(
        "  " + what,
        "RSS %6.1f MiB (of files %5.1f), peak %6.1f MiB"
            .formatted(
                mebibytes(daemon, "VmRSS:"),
                mebibytes(daemon, "RssFile:"),
                mebibytes(daemon, "VmHWM:")));
  }

  private static double mebibytes(Process daemon, String name) {
    return Proc.statusKib(daemon.pid(), name) / 1024.0;
  }

  /** What the collector leaves, as the Java tools tell; nothing where there are none. */
  private void live(String what, Process daemon) throws IOException, InterruptedException {
    Path tool = Path.of(javaHome(), "bin", "jcmd");
    if (Files.isExecutable(tool)) {
      String pid = String.valueOf(daemon.pid());
      Command.of(tool.toString(), pid, "GC.run").run();
      String heap = Command.of(tool.toString(), pid, "GC.heap_info").run().output();
      Matcher used = USED.matcher(heap);
      long kib = 0;
      for (int i = 0; i < 2 && used.find(); i++) { // the young and the old generation
        kib += Long.parseLong(used.group(1));
      }
      report.figure("  " + what, "%6.1f MiB".formatted(kib / 1024.0));
      if (System.getenv("KUBE_IPVS_BENCH_CLASSES") != null) {
        show(Command.of(tool.toString(), pid, "GC.class_histogram"));
        show(Command.of(tool.toString(), pid, "VM.native_memory", "summary"));
      }
    }
  }

  private static void show(Command command) throws IOException, InterruptedException {
    command.run().output().lines().limit(LINES_SHOWN).forEach(System.out::println);
  }

  private static String javaHome() {
    String chosen = System.getenv("KUBE_IPVS_JAVA_HOME");
    return chosen == null ? System.getProperty("java.home") : chosen;
  }

  private static String version() throws IOException {
    List<String> release = Files.readAllLines(Path.of(javaHome(), "release"));
    return release.stream()
        .filter(line -> line.startsWith("JAVA_VERSION="))
        .findFirst()
        .orElse("JAVA_VERSION=unknown")
        .replace("JAVA_VERSION=", "Java ")
        .replace("\"", "");
  }

  @FunctionalInterface
  private interface Condition {
    boolean holds() throws IOException;
  }

  private void await(String what, Process process, Condition condition, long pauseMilliseconds)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_NANOSECONDS;
    while (!condition.holds()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        Path log = scratch.resolve("log");
        throw new IOException(
            what + " never came. " + (Files.exists(log) ? Files.readString(log) : ""));
      }
      Thread.sleep(pauseMilliseconds);
    }
  }
}
