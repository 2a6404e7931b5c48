package io.kubeipvs.ipset;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs the real {@code ipset}, to compare with. */
final class IpSetTool {
  private IpSetTool() {}

  static void restore(String lines) throws IOException {
    run(List.of("ipset", "restore"), lines);
  }

  static String save() throws IOException {
    return run(List.of("ipset", "save"), "");
  }

  private static String run(List<String> command, String input) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var stdin = process.outputWriter(StandardCharsets.UTF_8)) {
      stdin.write(input);
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(command + ": " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    return output;
  }
}
