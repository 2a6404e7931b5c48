package io.kubeipvs.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a command printed and how it ended. */
public record Output(List<String> command, int exitCode, String stdout, String stderr) {
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  /** Runs a command in this process' own namespace, to its end. */
  public static Output of(String... command) {
    return run(List.of(command), "", TIMEOUT);
  }

  /** Runs a command that reads {@code stdin}; it is killed, and this fails, after the timeout. */
  static Output run(List<String> command, String stdin, Duration timeout) {
    Path directory = null;
    try {
      directory = Files.createTempDirectory("output");
      return run(command, stdin, timeout, directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (directory != null) {
        delete(directory);
      }
    }
  }

  /** Through files: a pipe would need a thread for each stream. */
  private static Output run(List<String> command, String stdin, Duration timeout, Path directory)
      throws IOException {
    Path in = Files.writeString(directory.resolve("in"), stdin);
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    if (!endsWithin(process, timeout)) {
      process.destroyForcibly();
      throw new IllegalStateException(command + " still ran after " + timeout + ": " + read(err));
    }
    return new Output(command, process.exitValue(), read(out), read(err));
  }

  static boolean endsWithin(Process process, Duration timeout) {
    try {
      return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Tools may print bytes that are not UTF-8; those become replacement characters. */
  static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  private static void delete(Path directory) {
    for (String name : List.of("in", "out", "err", "")) {
      directory.resolve(name).toFile().delete();
    }
  }

  /**
   * This, if the command succeeded.
   *
   * @throws IllegalStateException with what it said, if not
   */
  public Output orFail() {
    if (exitCode != 0) {
      throw new IllegalStateException(command + " ended with " + exitCode + ": " + stderr);
    }
    return this;
  }
}
