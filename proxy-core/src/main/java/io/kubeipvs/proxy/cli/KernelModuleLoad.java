package io.kubeipvs.proxy.cli;

import io.kubeipvs.proxy.config.KernelModules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Loads the modules IPVS mode needs, where modprobe may and can. */
final class KernelModuleLoad {
  private static final int LIMIT_SECONDS = 30;

  private static final List<String> COMMAND =
      Stream.concat(Stream.of("modprobe", "-a", "-q", "ip_vs_rr"), KernelModules.NEEDED.stream())
          .toList();

  private static final Pattern ABSENCE = Pattern.compile("error(=|: )(2|13)\\b");

  private KernelModuleLoad() {}

  /**
   * What is missing after that is found by using it.
   *
   * @throws IOException when modprobe could not be tried: then what is missing proves nothing
   */
  static void run() throws IOException {
    if (Files.exists(Path.of("/proc/net/ip_vs")) && Files.exists(Path.of("/sys/module/xt_set"))) {
      return;
    }
    run(COMMAND, LIMIT_SECONDS);
  }

  static void run(List<String> command, int limitSeconds) throws IOException {
    try {
      Process modprobe =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!modprobe.waitFor(limitSeconds, TimeUnit.SECONDS)) {
        modprobe.destroyForcibly();
        throw new IOException(command.get(0) + " has not ended within " + limitSeconds + " s");
      }
    } catch (IOException e) {
      if (!isAbsence(e)) {
        throw e;
      }
      // Then the modules are built in, loaded by somebody else, or missed later.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * {@code ENOENT} and {@code EACCES}. Java 17 says {@code error=2, No such file}, Java 25 {@code
   * error: 2 (No such file}.
   */
  static boolean isAbsence(IOException e) {
    String words = String.valueOf(e.getMessage());
    return ABSENCE.matcher(words).find();
  }
}
