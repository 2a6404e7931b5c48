package io.kubeipvs.proxy.inspect.archive;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;

/** Packs files. */
public final class TarWriter implements Closeable {
  private final OutputStream out;
  private final Instant modified;

  /**
   * @param modified of all files
   */
  public TarWriter(OutputStream out, Instant modified) {
    this.out = out;
    this.modified = modified;
  }

  public void add(String name, byte[] content) throws IOException {
    out.write(new TarHeader(name, content.length, modified).encode());
    out.write(content);
    out.write(new byte[padding(content.length)]);
  }

  static int padding(long length) {
    return (int) (-length & (TarHeader.BLOCK - 1));
  }

  /** Ends the archive, by two empty blocks. */
  @Override
  public void close() throws IOException {
    out.write(new byte[2 * TarHeader.BLOCK]);
    out.close();
  }
}
