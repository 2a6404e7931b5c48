package io.kubeipvs.proxy.inspect;

import io.kubeipvs.proxy.inspect.archive.TarReader;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** Reads a snapshot: out of an archive that {@code dump} wrote, or alone, compressed or not. */
public final class SnapshotFile {
  /** Its name in the archive. */
  public static final String NAME = "snapshot.json";

  private static final int GZIP_1 = 0x1f;
  private static final int GZIP_2 = 0x8b;
  private static final int BEGINNING = 512;

  private SnapshotFile() {}

  /**
   * Reads all of it into memory.
   *
   * @throws IOException also when it is something else, and says so
   */
  public static Snapshot read(Path file) throws IOException {
    try (InputStream in = uncompressed(new BufferedInputStream(Files.newInputStream(file)))) {
      in.mark(BEGINNING);
      byte[] beginning = in.readNBytes(BEGINNING);
      in.reset();
      return TarReader.isArchive(beginning)
          ? ofArchive(new TarReader(in))
          : SnapshotJson.read(Snapshot.class, in);
    }
  }

  /** What stands in the file of that name. */
  public static byte[] content(Snapshot snapshot) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SnapshotJson.write(snapshot, out);
    return out.toByteArray();
  }

  private static InputStream uncompressed(BufferedInputStream in) throws IOException {
    in.mark(2);
    boolean compressed = in.read() == GZIP_1 && in.read() == GZIP_2;
    in.reset();
    return compressed ? new BufferedInputStream(new GZIPInputStream(in)) : in;
  }

  private static Snapshot ofArchive(TarReader archive) throws IOException {
    for (Optional<String> name = archive.next(); name.isPresent(); name = archive.next()) {
      if (name.get().endsWith("/" + NAME) || name.get().equals(NAME)) {
        return SnapshotJson.read(Snapshot.class, new ByteArrayInputStream(archive.content()));
      }
    }
    throw new IOException("no " + NAME + " in this archive");
  }
}
