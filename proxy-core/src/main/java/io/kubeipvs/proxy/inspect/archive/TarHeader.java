package io.kubeipvs.proxy.inspect.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * A header of the {@code ustar} format (POSIX.1-1988), of a plain file:
 *
 * <pre>
 *   0 name 100 | 100 mode 8 | 108 uid 8 | 116 gid 8 | 124 size 12 | 136 mtime 12 | 148 checksum 8
 * 156 type 1   | 157 link 100 | 257 "ustar\0" "00" | 265 user 32 | 297 group 32 | 329 ... 500
 * </pre>
 *
 * Numbers are octal texts; the checksum is the sum of all bytes while its own are blanks.
 */
record TarHeader(String name, long size, Instant modified) {
  static final int BLOCK = 512;

  private static final int NAME_LENGTH = 100;
  private static final int MODE = 100;
  private static final int SIZE = 124;
  private static final int MODIFIED = 136;
  private static final int CHECKSUM = 148;
  private static final int TYPE = 156;
  private static final int MAGIC = 257;
  private static final byte[] USTAR = "ustar\00000".getBytes(StandardCharsets.US_ASCII);

  byte[] encode() {
    byte[] block = new byte[BLOCK];
    put(block, 0, name);
    put(block, MODE, "0000600\0");
    put(block, MODE + 8, "0000000\0");
    put(block, MODE + 16, "0000000\0");
    put(block, SIZE, "%011o\0".formatted(size));
    put(block, MODIFIED, "%011o\0".formatted(modified.getEpochSecond()));
    block[TYPE] = '0';
    System.arraycopy(USTAR, 0, block, MAGIC, USTAR.length);
    put(block, CHECKSUM, "%06o\0 ".formatted(checksum(block)));
    return block;
  }

  private static void put(byte[] block, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (offset == 0 && bytes.length > NAME_LENGTH) {
      throw new IllegalArgumentException("too long a name: " + text);
    }
    System.arraycopy(bytes, 0, block, offset, bytes.length);
  }

  private static int checksum(byte[] block) {
    int sum = 8 * ' ';
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= CHECKSUM && i < CHECKSUM + 8 ? 0 : block[i] & 0xff;
    }
    return sum;
  }

  static boolean isHeader(byte[] block) {
    return Arrays.equals(block, MAGIC, MAGIC + 5, USTAR, 0, 5);
  }

  static TarHeader decode(byte[] block) throws IOException {
    if (!isHeader(block) || number(block, CHECKSUM, 8) != checksum(block)) {
      throw new IOException("not a tar archive, or a damaged one");
    }
    return new TarHeader(
        text(block, 0, NAME_LENGTH),
        number(block, SIZE, 12),
        Instant.ofEpochSecond(number(block, MODIFIED, 12)));
  }

  private static String text(byte[] block, int offset, int length) {
    int end = offset;
    while (end < offset + length && block[end] != 0) {
      end++;
    }
    return new String(block, offset, end - offset, StandardCharsets.UTF_8);
  }

  private static long number(byte[] block, int offset, int length) throws IOException {
    try {
      return Long.parseLong(text(block, offset, length).strip(), 8);
    } catch (NumberFormatException e) {
      throw new IOException("not a tar archive, or a damaged one", e);
    }
  }
}
