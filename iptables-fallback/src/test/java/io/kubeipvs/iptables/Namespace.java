package io.kubeipvs.iptables;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A network namespace of a test's own. A process waiting on a pipe from us holds it, so that it
 * goes even when the test's JVM is killed; a JVM cannot enter it, tools can.
 */
public final class Namespace implements AutoCloseable {
  private final Process holder;
  private final List<String> prefix;

  private Namespace(Process holder) {
    this.holder = holder;
    this.prefix = List.of("nsenter", "--net=/proc/" + holder.pid() + "/ns/net");
  }

  public static Namespace create() throws IOException {
    Process holder = new ProcessBuilder("unshare", "-n", "sh", "-c", "echo up; read x").start();
    if (holder.getInputStream().read() != 'u') {
      throw new IOException("unshare -n: " + text(holder.getErrorStream()));
    }
    Namespace namespace = new Namespace(holder);
    if (Files.readSymbolicLink(Path.of("/proc/" + holder.pid() + "/ns/net"))
        .equals(Files.readSymbolicLink(Path.of("/proc/self/ns/net")))) {
      namespace.close();
      throw new IOException("unshare -n gave us our own namespace");
    }
    return namespace;
  }

  /** Words before a command that is to run in it. */
  public List<String> prefix() {
    return prefix;
  }

  /** Runs a tool, and says why if it fails. */
  public String run(String input, String... command) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(prefix);
    words.addAll(List.of(command));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    try (var out = process.getOutputStream()) {
      out.write(input.getBytes(StandardCharsets.ISO_8859_1));
    }
    String output = text(process.getInputStream());
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + output);
    }
    return output;
  }

  private static String text(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    holder.getOutputStream().close();
    holder.onExit().join();
  }
}
