package io.kubeipvs.proxy.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where output goes. */
final class Terminal {
  /** Narrower than this nothing can be read anyway. */
  private static final int NARROWEST = 20;

  private static final Path STDOUT = Path.of("/proc/self/fd/1");

  private Terminal() {}

  /** How many characters a line has: as many as one likes where it goes to a program or a file. */
  static int width() {
    String columns = System.getenv("COLUMNS");
    Optional<Integer> width =
        columns == null || columns.isBlank() ? device().flatMap(Terminal::size) : number(columns);
    return width.filter(w -> w > 0).map(w -> Math.max(w, NARROWEST)).orElse(Integer.MAX_VALUE);
  }

  static boolean isOne() {
    return device().isPresent();
  }

  /** The terminal's file. */
  private static Optional<Path> device() {
    try {
      Path target = Files.readSymbolicLink(STDOUT);
      boolean terminal = target.startsWith("/dev/pts") || target.toString().startsWith("/dev/tty");
      return terminal ? Optional.of(target) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** {@code stty} answers lines and columns of the terminal it reads from. */
  private static Optional<Integer> size(Path terminal) {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(terminal.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String answer =
          new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
      return number(answer.substring(answer.indexOf(' ') + 1));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<Integer> number(String text) {
    try {
      return Optional.of(Integer.parseInt(text.strip()));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether nobody reads any more what is written there; also writes what is held back. A writer on
   * standard output does not hear of it, only the stream below does.
   */
  static boolean isReaderGone(PrintWriter out) {
    return out.checkError() || System.out.checkError();
  }
}
