package io.kubeipvs.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** kube-ipvs running in a node's namespace, from the distribution as users have it. */
public final class Daemon implements AutoCloseable {
  private static final Duration SHUTDOWN = Duration.ofMinutes(2);

  private final Process process;
  private final Path log;

  private Daemon(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * The launcher: system property {@code kubeipvs.bin}, or where {@code make build} puts it in the
   * project ({@code kubeipvs.project}, default the directory above).
   */
  public static Path launcher() {
    Path project = Path.of(System.getProperty("kubeipvs.project", ".."));
    Path built = project.resolve("deploy/target/kube-ipvs/bin/kube-ipvs");
    return Path.of(System.getProperty("kubeipvs.bin", built.toString())).toAbsolutePath();
  }

  /** Starts {@code kube-ipvs ARGUMENTS...} on that node. */
  public static Daemon start(Node node, String... arguments) {
    return startUnder(List.of(), node, arguments);
  }

  /** As {@link #start}, through a command that runs another one: {@code env NAME=VALUE}. */
  public static Daemon startUnder(List<String> wrapper, Node node, String... arguments) {
    return start(command(wrapper, node, arguments));
  }

  /** As {@link #start}, in this process' own namespace. */
  public static Daemon startHere(String... arguments) {
    List<String> command = new ArrayList<>(List.of(launcher().toString()));
    command.addAll(List.of(arguments));
    return start(command);
  }

  /** As {@link #start}, by a command that does not need the launcher: a container's runtime. */
  static Daemon start(List<String> command) {
    try {
      Path log = Files.createTempFile("kube-ipvs", ".log");
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      return new Daemon(process, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command of kube-ipvs that ends by itself ({@code cleanup}, {@code run --once}). */
  public static Output run(Node node, String... arguments) {
    return runUnder(List.of(), node, arguments);
  }

  /** As {@link #run}, through a command that runs another one: {@code setpriv ...}. */
  public static Output runUnder(List<String> wrapper, Node node, String... arguments) {
    return Output.run(command(wrapper, node, arguments), "", Duration.ofMinutes(2));
  }

  private static List<String> command(List<String> wrapper, Node node, String... arguments) {
    List<String> command = new ArrayList<>(wrapper);
    command.add(launcher().toString());
    command.addAll(List.of(arguments));
    return node.namespace().command(command);
  }

  /** Everything it has said so far. */
  public String log() {
    try {
      return Output.read(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until what it said satisfies the condition; fails at once when it has ended. */
  public Daemon awaitLog(Duration timeout, Predicate<String> condition) {
    Await.until(timeout, () -> condition.test(log()) || !process.isAlive(), this::log);
    if (!condition.test(log())) {
      throw new AssertionError("kube-ipvs ended with " + process.exitValue() + ": " + log());
    }
    return this;
  }

  public boolean isRunning() {
    return process.isAlive();
  }

  /** {@code ip netns exec} and the launcher give their process away: this is the daemon's. */
  public long pid() {
    return process.pid();
  }

  /** SIGKILL: it cannot react. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** SIGTERM, as from systemd or the kubelet; returns the exit code. */
  public int terminate() {
    process.destroy();
    return awaitEnd();
  }

  /** Waits until it has ended by itself; returns the exit code. */
  public int awaitEnd() {
    if (!Output.endsWithin(process, SHUTDOWN)) {
      throw new AssertionError("kube-ipvs has not ended in " + SHUTDOWN + ": " + log());
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    kill();
    log.toFile().delete();
  }
}
