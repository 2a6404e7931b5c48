package io.kubeipvs.proxy.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.proxy.inspect.archive.TarWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotFileTest {
  private static final Snapshot SNAPSHOT =
      new Snapshot(
          Instant.parse("2026-03-01T00:00:00Z"),
          "kube-ipvs 1",
          List.of(),
          Part.missing("no daemon"),
          Part.missing("no daemon"),
          KernelState.unknown("no privileges"));

  private final Path file;

  SnapshotFileTest(@TempDir Path directory) {
    this.file = directory.resolve("dump");
  }

  @Test
  void plainSnapshotIsRead() throws IOException {
    Files.write(file, json());

    assertThat(SnapshotFile.read(file)).isEqualTo(SNAPSHOT);
  }

  @Test
  void compressedSnapshotIsRead() throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(json());
    }

    assertThat(SnapshotFile.read(file)).isEqualTo(SNAPSHOT);
  }

  @Test
  void snapshotIsFoundInAnArchive() throws IOException {
    try (TarWriter tar =
        new TarWriter(new GZIPOutputStream(Files.newOutputStream(file)), Instant.EPOCH)) {
      tar.add("dump/ipvsadm.txt", "-A -t 10.96.0.1:80 -s rr\n".getBytes(StandardCharsets.UTF_8));
      tar.add("dump/snapshot.json", json());
      tar.add("dump/empty", new byte[0]);
    }

    assertThat(SnapshotFile.read(file)).isEqualTo(SNAPSHOT);
  }

  @Test
  void archiveWithoutOneIsRefused() throws IOException {
    try (TarWriter tar = new TarWriter(Files.newOutputStream(file), Instant.EPOCH)) {
      tar.add("other", new byte[512]);
    }

    assertThatThrownBy(() -> SnapshotFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage("no snapshot.json in this archive");
  }

  @Test
  void whatEndsInTheMiddleIsRefused() throws IOException {
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    try (TarWriter tar = new TarWriter(archive, Instant.EPOCH)) {
      tar.add("dump/snapshot.json", json());
    }
    Files.write(file, Arrays.copyOf(archive.toByteArray(), 700));

    assertThatThrownBy(() -> SnapshotFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage("the archive ends in the middle");
  }

  @Test
  void anythingElseIsRefused() throws IOException {
    Files.writeString(file, "-A -t 10.96.0.1:80");

    assertThatThrownBy(() -> SnapshotFile.read(file)).isInstanceOf(IOException.class);
  }

  private static byte[] json() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SnapshotJson.write(SNAPSHOT, out);
    return out.toByteArray();
  }
}
