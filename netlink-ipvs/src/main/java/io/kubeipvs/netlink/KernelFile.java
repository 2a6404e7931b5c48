package io.kubeipvs.netlink;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads the small files of {@code /proc} and {@code /sys} that show a value.
 *
 * <p>Their size is 0 whatever they hold, and the numbers of {@code /proc/sys} are given to the
 * first read alone ({@code do_proc_dointvec} of {@code kernel/sysctl.c}: nothing from any other
 * offset). {@link Files#readString} begins such a file with a read of one byte, and has the first
 * digit.
 */
public final class KernelFile {
  private static final int LONGEST = 1 << 16;

  private KernelFile() {}

  /**
   * The text, without the white space around it; of what is longer than 64 KiB the beginning.
   *
   * @throws IOException when it is not there or may not be read
   */
  public static String read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8).strip();
    }
  }
}
