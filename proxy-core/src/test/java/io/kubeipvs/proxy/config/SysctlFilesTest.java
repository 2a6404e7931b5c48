package io.kubeipvs.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SysctlFilesTest {
  private static final Sysctl FORWARD = new Sysctl("net/ipv4/ip_forward", 1, "reason");

  private final Path proc;
  private final Path elsewhere;

  SysctlFilesTest(@TempDir Path directory) throws IOException {
    this.proc = directory.resolve("proc");
    this.elsewhere = directory.resolve("elsewhere");
    Files.createDirectories(proc.resolve("net/ipv4"));
    Files.createDirectories(elsewhere.resolve("ipv4"));
    Files.createDirectories(proc.resolve("kernel"));
    Files.writeString(proc.resolve("kernel/osrelease"), "6.1.0\n");
    Files.writeString(proc.resolve("net/ipv4/ip_forward"), "0\n");
    Files.writeString(elsewhere.resolve("ipv4/ip_forward"), "0\n");
  }

  @Test
  void settingsOfTheNetworkAreWrittenWhereTheyAreMountedASecondTime() throws IOException {
    SysctlFiles files = new SysctlFiles(proc, elsewhere);
    assertThat(files.apply(List.of(FORWARD)))
        .containsExactly("net.ipv4.ip_forward = 1 (was 0): reason");
    assertThat(Files.readString(elsewhere.resolve("ipv4/ip_forward"))).isEqualTo("1\n");
    assertThat(Files.readString(proc.resolve("net/ipv4/ip_forward"))).isEqualTo("0\n");
    assertThat(files.names("net/ipv4")).containsExactly("ip_forward");
    assertThat(files.read("kernel/osrelease")).isEqualTo("6.1.0");
  }

  @Test
  void theEnvironmentSaysWhereTheNetworksSettingsAreAndCheckAsksThere() throws IOException {
    Map<String, String> environment = Map.of("KUBE_IPVS_PROC_SYS_NET", elsewhere.toString());
    Files.delete(proc.resolve("net/ipv4/ip_forward"));

    assertThat(new SysctlFiles(proc, environment).isWritable(FORWARD.key())).isTrue();
    assertThat(new SysctlFiles(proc, Map.of()).isWritable(FORWARD.key())).isFalse();
  }

  @Test
  void whatIsSetAlreadyIsNotWritten() throws IOException {
    SysctlFiles files = new SysctlFiles(proc);
    files.apply(List.of(FORWARD));
    assertThat(files.apply(List.of(FORWARD))).isEmpty();
  }

  @Test
  void whatCannotBeSetIsNamed() {
    assertThatThrownBy(() -> new SysctlFiles(proc, proc.resolve("nowhere")).apply(List.of(FORWARD)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot set net.ipv4.ip_forward = 1: ")
        .hasMessageContaining("nowhere/ipv4/ip_forward");
  }
}
