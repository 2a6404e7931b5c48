package io.kubeipvs.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** A process that answers each line with a line. */
final class LineProcess implements AutoCloseable {
  private final Process process;

  private LineProcess(Process process) {
    this.process = process;
  }

  static LineProcess start(List<String> command) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      return new LineProcess(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String ask(String line) {
    try {
      process.outputWriter().write(line + "\n");
      process.outputWriter().flush();
      String answer = process.inputReader().readLine();
      if (answer == null) {
        throw new AssertionError(process.info() + " has ended");
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
