package io.kubeipvs.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * An API server's stand-in on a node, which serves a directory of manifests. With the system
 * property {@code kubeipvs.source=api} scenarios put it between the daemon and what they write.
 */
final class ApiProcess implements AutoCloseable {
  private static final String MAIN = "io.kubeipvs.proxy.source.kubernetes.ManifestApi";

  private final Process process;
  private final Path port;

  private ApiProcess(Process process, Path port) {
    this.process = process;
    this.port = port;
  }

  static boolean isAskedFor() {
    return System.getProperty("kubeipvs.source", "").equals("api");
  }

  static ApiProcess start(Node node, Path manifests, Path scratch) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path port = scratch.resolve("port");
    List<String> command =
        List.of(
            java,
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            MAIN,
            manifests.toString(),
            port.toString());
    try {
      Process process =
          new ProcessBuilder(node.namespace().command(command))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.INHERIT)
              .start();
      return new ApiProcess(process, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

  @Override
  public void close() {
    process.destroy();
  }
}
