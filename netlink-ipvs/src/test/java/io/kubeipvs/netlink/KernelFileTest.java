package io.kubeipvs.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelFileTest {
  private static final Path PID_MAX = Path.of("/proc/sys/kernel/pid_max"); // at least 301

  @Test
  void allDigitsOfANumberAreRead() throws IOException {
    assertThat(KernelFile.read(PID_MAX))
        .hasSizeGreaterThan(2)
        .isEqualTo(Files.readAllLines(PID_MAX).get(0));
  }

  @Test
  void plainFilesAreReadWhole(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("value"), " 10\t20\n");
    assertThat(KernelFile.read(file)).isEqualTo("10\t20");
  }

  @Test
  void whatIsNotThereIsSaid() {
    assertThatIOException()
        .isThrownBy(() -> KernelFile.read(Path.of("/proc/sys/kernel/none-such")))
        .withMessageContaining("none-such");
  }
}
