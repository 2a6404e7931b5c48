package io.kubeipvs.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * An API server's stand-in on a node, which serves a directory of manifests. With the system
 * property {@code kubeipvs.source=api} scenarios put it between the daemon and what they write.
 */
final class ApiProcess implements AutoCloseable {
  private static final String MAIN = "io.kubeipvs.proxy.source.kubernetes.ManifestApi";

  private final LineProcess process;
  private final Path port;

  private ApiProcess(LineProcess process, Path port) {
    this.process = process;
    this.port = port;
  }

  static boolean isAskedFor() {
    return System.getProperty("kubeipvs.source", "").equals("api");
  }

  static ApiProcess start(Node node, Path manifests, Path scratch) {
    Path port = scratch.resolve("port");
    List<String> command = java(MAIN, manifests.toString(), port.toString());
    return new ApiProcess(LineProcess.start(node.namespace().command(command)), port);
  }

  /** Runs a class of these tests in a JVM of its own. */
  static List<String> java(String main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Waits until it serves. */
  String address() {
    Await.until(Scenario.PATIENCE, () -> Files.exists(port), () -> "no port from " + MAIN);
    try {
      return "http://127.0.0.1:" + Files.readString(port).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Nothing answers any more, and connections end. */
  void stop() {
    command("stop");
  }

  /** Answers again, at the same port. */
  void restart() {
    command("restart");
  }

  /** All watches end, cannot be resumed, and lists are empty. */
  void serveNothing() {
    command("empty");
  }

  /** Lists are whole again. */
  void serveEverything() {
    command("whole");
  }

  /** How often everything was listed. */
  int lists() {
    return Integer.parseInt(command("lists"));
  }

  /** What it was asked for: {@code list services}. */
  Set<String> rights() {
    return Set.of(command("rights").split(",", -1));
  }

  /** The events that were written, as JSON. */
  String events() {
    return command("events");
  }

  private String command(String line) {
    return process.ask(line);
  }

  @Override
  public void close() {
    process.close();
  }
}
