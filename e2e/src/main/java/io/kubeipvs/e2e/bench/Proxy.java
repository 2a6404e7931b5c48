package io.kubeipvs.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The daemon on that directory, in this network namespace. */
final class Proxy implements AutoCloseable {
  private static final Pattern LOOKED = Pattern.compile("nothing to do, looked in (\\d+) ms");
  private static final Pattern SYNCED = Pattern.compile("synced .* in (\\d+) ms");

  private final Process process;
  private final Path log;

  private Proxy(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static List<String> command(ManifestFiles manifests, String... options) {
    List<String> words = new ArrayList<>(List.of(launcher(), "run"));
    words.addAll(List.of("--manifests", manifests.directory()));
    words.addAll(List.of(options));
    return words;
  }

  static Proxy start(ManifestFiles manifests, String... options) throws IOException {
    Path log = Files.createTempFile(Path.of("/dev/shm"), "kube-ipvs", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command(manifests, options))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("KUBE_IPVS_LOG_LEVEL", "debug");
    return new Proxy(builder.start(), log);
  }

  /** Takes everything of a proxy's out of this network namespace. */
  static void cleanUp() throws IOException, InterruptedException {
    Command.of(launcher(), "cleanup").run();
  }

  /** Waits for the end of the first sync, and until what follows it is done. */
  Proxy awaitSynced() throws IOException, InterruptedException {
    while (looks().isEmpty() && syncs().isEmpty()) {
      if (!process.isAlive()) {
        throw new IOException("kube-ipvs ended: " + log());
      }
      Thread.sleep(50);
    }
    Idle.await();
    return this;
  }

  /** Milliseconds of each look at the kernel that found everything as it should be. */
  List<Double> looks() throws IOException {
    return milliseconds(LOOKED);
  }

  /** Milliseconds of each sync that did something. */
  List<Double> syncs() throws IOException {
    return milliseconds(SYNCED);
  }

  private List<Double> milliseconds(Pattern pattern) throws IOException {
    return pattern.matcher(log()).results().map(match -> Double.valueOf(match.group(1))).toList();
  }

  private String log() throws IOException {
    return Files.readString(log);
  }

  double cpuSeconds() throws IOException {
    return Proc.cpuSeconds(process.pid());
  }

  long residentKib() {
    return Proc.statusKib(process.pid(), "VmRSS:");
  }

  long peakKib() {
    return Proc.peakKib(process.pid());
  }

  /** SIGTERM; what is in the kernel stays. */
  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      process.waitFor(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Files.delete(log);
  }

  static String launcher() {
    return Path.of(System.getProperty("kubeipvs.project"), "deploy/target/kube-ipvs/bin/kube-ipvs")
        .toString();
  }
}
