package io.kubeipvs.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FdLeakCheckTest {
  /** The first channel of a JVM opens two sockets that stay. */
  @BeforeAll
  static void openWhatStays() throws IOException {
    SocketChannel.open().close();
  }

  @Test
  void anOpenPipeIsALeakUntilItIsClosed() throws IOException {
    List<String> before = FdLeakCheck.openDescriptors();
    Pipe pipe = Pipe.open();
    assertThat(FdLeakCheck.openedSince(before)).hasSize(2).allMatch(d -> d.startsWith("pipe:"));
    pipe.source().close();
    pipe.sink().close();
    assertThat(FdLeakCheck.openedSince(before)).noneMatch(d -> d.startsWith("pipe:"));
  }

  @Test
  void anOpenFileIsNotCounted(@TempDir Path directory) throws IOException {
    List<String> before = FdLeakCheck.openDescriptors();
    try (var file = Files.newOutputStream(directory.resolve("file"))) {
      file.write(1);
      assertThat(FdLeakCheck.openedSince(before)).isEmpty();
    }
  }
}
