package io.kubeipvs.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KernelConditionTest {
  private Path root;

  @BeforeEach
  void kernelWithSomeModules(@TempDir Path root) throws IOException {
    this.root = root;
    Files.createDirectories(root.resolve("proc/net"));
    Files.createDirectories(root.resolve("sys/module/ip_vs"));
    Files.writeString(
        root.resolve("proc/modules"), "ip_vs 159744 2 ip_vs_rr, Live\nxt_set 16384 0 - Live\n");
  }

  @Test
  void loadedModulesAndFilesCount() {
    assertThat(
            new KernelCondition(root, false)
                .evaluate(List.of("ip_vs", "xt_set", "/proc/modules"))
                .isDisabled())
        .isFalse();
  }

  @Test
  void partOfANameIsNotTheModule() {
    assertThat(new KernelCondition(root, false).evaluate(List.of("xt")).isDisabled()).isTrue();
  }

  @Test
  void skipNamesWhatIsMissing() {
    assertThat(
            new KernelCondition(root, false)
                .evaluate(List.of("ip_vs", "ip_vs_mh", "/proc/none"))
                .getReason())
        .contains("kernel lacks [ip_vs_mh, /proc/none]");
  }

  @Test
  void missingFeatureFailsInTheLaneThatPromisesIt() {
    KernelCondition promising = new KernelCondition(root, true);
    assertThatThrownBy(() -> promising.evaluate(List.of("ip_vs_mh")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ip_vs_mh");
  }
}
