package io.kubeipvs.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConntrackTableTest {
  private static final ConntrackSettings KUBE_PROXYS =
      new ConntrackSettings(
          32_768,
          131_072,
          Duration.ofHours(24),
          Duration.ofHours(1),
          false,
          Duration.ZERO,
          Duration.ZERO);

  private final Path root;

  ConntrackTableTest(@TempDir Path root) throws IOException {
    this.root = root;
    Files.createDirectories(root.resolve("net/netfilter"));
    write("nf_conntrack_max", "65536");
    write("nf_conntrack_tcp_timeout_established", "432000");
    write("nf_conntrack_tcp_timeout_close_wait", "3600");
    write("nf_conntrack_udp_timeout", "30");
    Files.writeString(root.resolve("hashsize"), "16384\n");
  }

  @Test
  void limitIsTheGreaterOfBothAndBucketsFollow() throws IOException {
    ConntrackTable.Result result = apply(KUBE_PROXYS, 2);
    assertThat(read("nf_conntrack_max")).isEqualTo("131072");
    assertThat(Files.readString(root.resolve("hashsize"))).isEqualTo("32768\n");
    assertThat(read("nf_conntrack_tcp_timeout_established")).isEqualTo("86400");
    assertThat(read("nf_conntrack_udp_timeout")).isEqualTo("30");
    assertThat(result.problems()).isEmpty();
    assertThat(result.changed()).hasSize(3);
  }

  /** As in a container, where {@code /sys} cannot be written. */
  @Test
  void bucketsAreSetAsASettingWhereTheKernelHasOne() throws IOException {
    write("nf_conntrack_buckets", "16384");
    Files.delete(root.resolve("hashsize"));
    assertThat(apply(KUBE_PROXYS, 2).problems()).isEmpty();
    assertThat(read("nf_conntrack_buckets")).isEqualTo("32768");
    assertThat(read("nf_conntrack_max")).isEqualTo("131072");
  }

  @Test
  void limitGrowsWithCoresUpToAMillion() throws IOException {
    apply(KUBE_PROXYS, 8);
    assertThat(read("nf_conntrack_max")).isEqualTo("262144");
    apply(KUBE_PROXYS, 256);
    assertThat(read("nf_conntrack_max")).isEqualTo("1048576");
  }

  @Test
  void limitIsNeverLowered() throws IOException {
    write("nf_conntrack_max", "4000000");
    apply(KUBE_PROXYS, 8);
    assertThat(read("nf_conntrack_max")).isEqualTo("4000000");
  }

  @Test
  void whatCannotBeSetStopsNothingElse() throws IOException {
    Files.delete(root.resolve("net/netfilter/nf_conntrack_max"));
    assertThat(apply(KUBE_PROXYS, 1).problems()).hasSize(1);
    assertThat(read("nf_conntrack_tcp_timeout_established")).isEqualTo("86400");
  }

  private ConntrackTable.Result apply(ConntrackSettings settings, int cores) {
    return new ConntrackTable(new SysctlFiles(root), root.resolve("hashsize"))
        .apply(settings, cores);
  }

  private String read(String name) throws IOException {
    return Files.readString(root.resolve("net/netfilter").resolve(name)).strip();
  }

  private void write(String name, String value) throws IOException {
    Files.writeString(root.resolve("net/netfilter").resolve(name), value + "\n");
  }
}
