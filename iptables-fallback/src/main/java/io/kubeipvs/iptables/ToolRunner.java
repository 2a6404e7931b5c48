package io.kubeipvs.iptables;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs a tool: no shell, input and both outputs through pipes, an end to both time and output. Text
 * is taken byte for byte (ISO 8859-1): rules of others may hold any.
 */
final class ToolRunner {
  private static final int MAXIMUM_OUTPUT_BYTES = 512 << 20;
  private static final int MAXIMUM_ERROR_BYTES = 64 << 10;
  private static final int NOT_FOUND = 127;

  private final ToolOptions options;

  record Result(int exitCode, String output, String errors) {}

  ToolRunner(ToolOptions options) {
    this.options = options;
  }

  Result run(List<String> command, String input) throws IOException {
    String tool = command.get(0);
    Process process = start(command);
    Pipe output = Pipe.reading(process.getInputStream(), MAXIMUM_OUTPUT_BYTES);
    Pipe errors = Pipe.reading(process.getErrorStream(), MAXIMUM_ERROR_BYTES);
    Pipe.writing(process.getOutputStream(), input);
    try {
      if (!process.waitFor(options.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(tool + " did not end within " + options.timeout().toSeconds() + " s");
      }
      Result result = new Result(process.exitValue(), output.text(), errors.text());
      if (result.exitCode() == NOT_FOUND && !options.commandPrefix().isEmpty()) {
        throw new MissingToolException(tool);
      }
      output.requireComplete(tool);
      return result;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while " + tool + " ran");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private Process start(List<String> command) throws IOException {
    List<String> words = new ArrayList<>(options.commandPrefix());
    words.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().put("LC_ALL", "C");
    builder.environment().putAll(options.environment());
    try {
      return builder.start();
    } catch (IOException e) {
      if (saysNotFound(String.valueOf(e.getMessage()))) {
        MissingToolException missing = new MissingToolException(words.get(0));
        missing.initCause(e);
        throw missing;
      }
      throw e;
    }
  }

  /** ENOENT. Java 17 says {@code error=2, No such file}, Java 25 {@code error: 2 (No such file}. */
  static boolean saysNotFound(String message) {
    return message.contains("error=2,") || message.contains("error: 2 (");
  }

  /** One direction of one pipe, on a thread of its own so that none waits for another. */
  private static final class Pipe {
    private static final int AFTER_END_MILLIS = 10_000;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Thread thread;
    private volatile boolean overflown;
    private volatile @Nullable IOException failure;

    private Pipe(PipeWork work) {
      thread = new Thread(() -> runQuietly(work), "iptables-pipe");
      thread.setDaemon(true);
    }

    private interface PipeWork {
      void run(Pipe pipe) throws IOException;
    }

    static Pipe reading(InputStream in, int maximumBytes) {
      Pipe pipe = new Pipe(self -> self.drain(in, maximumBytes));
      pipe.thread.start();
      return pipe;
    }

    static void writing(OutputStream out, String text) {
      Pipe pipe =
          new Pipe(
              self -> {
                try (out) {
                  out.write(text.getBytes(StandardCharsets.ISO_8859_1));
                }
              });
      pipe.thread.start();
    }

    private void runQuietly(PipeWork work) {
      try {
        work.run(this);
      } catch (IOException e) {
        failure = e;
      }
    }

    private void drain(InputStream in, int maximumBytes) throws IOException {
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        int room = Math.min(n, maximumBytes - bytes.size());
        bytes.write(buffer, 0, room);
        overflown |= room < n;
      }
    }

    /** Half of the rules must not pass for all of them. */
    void requireComplete(String tool) throws IOException {
      if (overflown || failure != null || thread.isAlive()) {
        throw new IOException(tool + ": its output could not be read to the end", failure);
      }
    }

    /** What came; a grandchild that keeps the pipe open is not waited for. */
    String text() throws InterruptedException {
      thread.join(AFTER_END_MILLIS);
      return bytes.toString(StandardCharsets.ISO_8859_1);
    }
  }
}
