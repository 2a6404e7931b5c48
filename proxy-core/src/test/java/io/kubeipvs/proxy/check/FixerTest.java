package io.kubeipvs.proxy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.proxy.config.Sysctl;
import io.kubeipvs.proxy.config.SysctlFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FixerTest {
  private final List<List<String>> commands = new ArrayList<>();

  private final Path sysctls;

  FixerTest(@TempDir Path sysctls) {
    this.sysctls = sysctls;
  }

  @Test
  void eachChangeIsMadeAndSaid() throws IOException {
    Path forward = sysctls.resolve("net/ipv4/ip_forward");
    Files.createDirectories(forward.resolveSibling("x"));
    Files.writeString(forward, "0\n");
    Fixer.Result result =
        new Fixer(new SysctlFiles(sysctls), this::note)
            .apply(
                List.of(
                    new Fix.LoadModules(List.of("ip_vs", "dummy")),
                    new Fix.SetSysctls(List.of(new Sysctl("net/ipv4/ip_forward", 1, "why")))));
    assertThat(commands).containsExactly(List.of("modprobe", "-a", "ip_vs", "dummy"));
    assertThat(Files.readString(forward).strip()).isEqualTo("1");
    assertThat(result.done())
        .containsExactly(
            "loaded the modules ip_vs, dummy", "set net.ipv4.ip_forward = 1 (was 0): why");
    assertThat(result.failed()).isEmpty();
  }

  private String note(List<String> command) {
    commands.add(command);
    return "";
  }

  @Test
  void aChangeThatFailsDoesNotStopTheOthers() {
    Fixer.Result result =
        new Fixer(
                new SysctlFiles(sysctls),
                command -> {
                  throw new IOException("modprobe: not permitted");
                })
            .apply(
                List.of(
                    new Fix.LoadModules(List.of("ip_vs")),
                    new Fix.SetSysctls(List.of(new Sysctl("net/none", 1, "why")))));
    assertThat(result.done()).isEmpty();
    assertThat(result.failed()).hasSize(2).first().isEqualTo("modprobe: not permitted");
    assertThat(result.failed().get(1)).startsWith("cannot set net.none = 1");
  }
}
