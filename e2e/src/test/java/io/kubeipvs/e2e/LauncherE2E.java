package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The launcher with each Java of this machine and the cache of classes the build made for it, on
 * the guest's processor: QEMU's has less than the one that built (no AVX), as an old node may have.
 */
@Tag("nft") // what runs in QEMU
final class LauncherE2E {
  @ParameterizedTest
  @MethodSource("javaHomes")
  void itRunsOnThisProcessor(Path javaHome) {
    List<String> command =
        List.of(
            "env", "KUBE_IPVS_JAVA_HOME=" + javaHome, Daemon.launcher().toString(), "--version");
    Output output = Output.run(command, "", Duration.ofMinutes(2)).orFail();
    assertThat(output.stdout()).startsWith("kube-ipvs ");
  }

  static Stream<Path> javaHomes() throws IOException {
    try (Stream<Path> found = Files.list(Path.of("/usr/lib/jvm"))) {
      return found
          .filter(home -> !Files.isSymbolicLink(home))
          .filter(home -> Files.isExecutable(home.resolve("bin/java")))
          .sorted()
          .toList()
          .stream();
    }
  }
}
