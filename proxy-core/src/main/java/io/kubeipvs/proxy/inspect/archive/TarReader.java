package io.kubeipvs.proxy.inspect.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Unpacks what {@link TarWriter} or {@code tar --format=ustar} packed. */
public final class TarReader {
  private final InputStream in;
  private long left;
  private int padding;

  public TarReader(InputStream in) {
    this.in = in;
  }

  /** Whether that may be how an archive begins. */
  public static boolean isArchive(byte[] beginning) {
    return beginning.length >= TarHeader.BLOCK && TarHeader.isHeader(beginning);
  }

  /** The name of the next file; empty at the end. */
  public Optional<String> next() throws IOException {
    in.skipNBytes(left + padding);
    left = 0;
    padding = 0;
    byte[] block = in.readNBytes(TarHeader.BLOCK);
    if (block.length == 0 || isEmpty(block)) {
      return Optional.empty();
    }
    if (block.length < TarHeader.BLOCK) {
      throw new EOFException("the archive ends in the middle");
    }
    TarHeader header = TarHeader.decode(block);
    left = header.size();
    padding = TarWriter.padding(left);
    return Optional.of(header.name());
  }

  private static boolean isEmpty(byte[] block) {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /** The content of the file that {@link #next} named. */
  public byte[] content() throws IOException {
    byte[] content = in.readNBytes(Math.toIntExact(left));
    if (content.length < left) {
      throw new EOFException("the archive ends in the middle");
    }
    left = 0;
    return content;
  }
}
