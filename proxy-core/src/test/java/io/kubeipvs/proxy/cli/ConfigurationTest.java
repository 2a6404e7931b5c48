package io.kubeipvs.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.proxy.config.ConfigException;
import io.kubeipvs.proxy.config.ConfigFields;
import io.kubeipvs.proxy.config.ConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ConfigurationTest {
  private static final String HEAD =
      "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n";

  private final Path file;

  ConfigurationTest(@TempDir Path directory) {
    this.file = directory.resolve("config.conf");
  }

  private Configuration with(String text, String... flags) throws Exception {
    Files.writeString(file, HEAD + text);
    List<String> all = new ArrayList<>(List.of("--config", file.toString()));
    all.addAll(List.of(flags));
    return Configuration.of(KubeIpvs.runCommand(), all);
  }

  private static Configuration without(String... flags) throws ConfigException {
    return Configuration.of(KubeIpvs.runCommand(), List.of(flags));
  }

  /** What the command line becomes, read as the command reads it. */
  private static ProxyOptions options(Configuration configuration) {
    CommandLine run = KubeIpvs.runCommand();
    run.parseArgs(configuration.arguments().toArray(String[]::new));
    RunCommand command = run.getCommand();
    return command.options;
  }

  @Test
  void theFileCountsWhereFlagsAreNotGiven() throws Exception {
    ProxyOptions options =
        options(
            with(
                """
                ipvs: {scheduler: lc, strictARP: true, excludeCIDRs: [10.0.0.0/8, fd00::/8]}
                clusterCIDR: 10.244.0.0/16,fd01::/64
                clientConnection: {kubeconfig: /etc/kubeconfig}
                """));
    assertThat(options.scheduler).isEqualTo("lc");
    assertThat(options.strictArp).isTrue();
    assertThat(options.excludeCidrs).hasSize(2);
    assertThat(options.clusterCidrs).hasSize(2);
    assertThat(options.kubeconfig).isEqualTo("/etc/kubeconfig");
  }

  @Test
  void aFileReplacesFlagsOfItsFields() throws Exception {
    Configuration configuration = with("ipvs: {scheduler: lc}", "--ipvs-scheduler=wrr");
    assertThat(options(configuration).scheduler).isEqualTo("lc");
    assertThat(configuration.notices())
        .containsExactly(
            "--ipvs-scheduler is ignored: with --config the file decides (ipvs.scheduler)");
  }

  @Test
  void someFlagsGoBeforeTheFile() throws Exception {
    ProxyOptions options =
        options(
            with(
                "mode: iptables\nhostnameOverride: file\nkubeIpvs: {vipBinding: address}",
                "--proxy-mode=ipvs",
                "--hostname-override",
                "flag",
                "--ipvs-vip-binding=route",
                "--master=https://192.0.2.1"));
    assertThat(options.mode).isEqualTo(ProxyOptions.Mode.ipvs);
    assertThat(options.hostnameOverride).isEqualTo("flag");
    assertThat(options.binding).isEqualTo(ProxyOptions.Binding.route);
    assertThat(options.master).isEqualTo("https://192.0.2.1");
  }

  @Test
  void withoutAFileFlagsCount() throws Exception {
    Configuration configuration =
        without("--ipvs-scheduler", "sh", "--masquerade-all", "--once", "-v=2", "--kube-api-qps=9");
    assertThat(configuration.arguments())
        .contains("--once", "--ipvs-scheduler=sh", "--masquerade-all=true");
    assertThat(options(configuration).masqueradeAll).isTrue();
    assertThat(configuration.notices()).hasSize(2).anyMatch(n -> n.startsWith("--kube-api-qps is"));
  }

  @Test
  void everyFlagOfKubeProxyIsAccepted() throws Exception {
    List<String> flags = new ArrayList<>(ConfigFields.IGNORED_FLAGS);
    ConfigFields.ALL.stream()
        .filter(field -> !field.isHonoured() && !field.flag().isEmpty())
        .forEach(field -> flags.add(field.flag()));
    for (String flag : flags) {
      assertThat(Configuration.concerns(List.of(flag + "=1"))).as(flag).isTrue();
      assertThat(without(flag + "=1").notices()).as(flag).hasSize(1);
    }
  }

  @Test
  void itIsToldWhereEachValueCameFrom() throws Exception {
    Configuration configuration =
        with("ipvs: {scheduler: lc}\nportRange: 1-2", "--hostname-override=me");
    String list = ConfigText.list(configuration.settings(), "FILE");
    assertThat(list.lines())
        .hasSameSizeAs(ConfigFields.ALL)
        .anyMatch(line -> line.matches("hostnameOverride +me +--hostname-override"))
        .anyMatch(line -> line.matches("ipvs.scheduler +lc +FILE"))
        .anyMatch(line -> line.matches("ipvs.syncPeriod +30s +default"))
        .anyMatch(line -> line.matches("portRange +1-2 +FILE, ignored: .*"));
  }

  @Test
  void whatIsWrittenIsReadBack() throws Exception {
    Configuration configuration =
        with(
            """
            ipvs: {scheduler: lc, excludeCIDRs: [10.0.0.0/8, fd00::/8]}
            nodePortAddresses: [primary]
            hostnameOverride: '123'
            kubeIpvs: {drainTimeout: 5m}
            """);
    Path written = file.resolveSibling("written.conf");
    Files.writeString(written, ConfigText.yaml(configuration.settings()));
    ConfigFile read = ConfigFile.read(written);
    assertThat(read.unknown()).isEmpty();
    for (Configuration.Setting setting : configuration.settings()) {
      if (setting.field().isHonoured() && !setting.value().isEmpty()) {
        assertThat(read.values()).containsEntry(setting.field().path(), setting.value());
      }
    }
  }

  @Test
  void commandsSayWhetherItWorked() throws IOException {
    Files.writeString(file, HEAD + "ipvs: {scheduler: lc}");
    Path written = file.resolveSibling("written.conf");
    String config = "--config=" + file;
    assertThat(KubeIpvs.execute("kube-ipvs", "config", config)).isZero();
    assertThat(KubeIpvs.execute("kube-ipvs", config, "--write-config-to=" + written)).isZero();
    assertThat(written).content().contains("scheduler: \"lc\"");
    assertThat(KubeIpvs.execute("kube-ipvs", "--version")).isZero();
    assertThat(KubeIpvs.execute("kube-ipvs", "run", "--version")).isZero();
    Files.writeString(file, HEAD + "mode: nftables");
    assertThat(KubeIpvs.execute("kube-ipvs", "config", config)).isEqualTo(1);
    assertThat(KubeIpvs.execute("kube-ipvs", config)).isEqualTo(1);
    assertThat(KubeIpvs.execute("kube-ipvs", "run", "--confg=x")).isEqualTo(2);
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> without("--config=/nowhere/config.conf"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("/nowhere/config.conf cannot be read");
  }

  @Test
  void aFlagFromTheFileIsTracedBackToIt() throws Exception {
    Configuration configuration = with("ipvs: {scheduler: lc}");
    assertThat(configuration.placeInFile("--ipvs-scheduler"))
        .isEqualTo(Optional.of(file + ": ipvs.scheduler"));
    assertThat(configuration.placeInFile("--ipvs-sync-period")).isEmpty();
  }

  @Test
  void aChangedFileIsToldWithWhatChanged() throws Exception {
    Files.writeString(file, HEAD + "ipvs: {scheduler: lc}");
    ConfigWatch watch = new ConfigWatch(ConfigFile.read(file));
    assertThat(watch.look()).isEmpty();
    Files.writeString(file, HEAD + "# the same\nipvs:\n  scheduler: lc\n");
    assertThat(watch.look()).isEmpty();
    Files.writeString(file, HEAD + "ipvs: {scheduler: [");
    assertThat(watch.look()).isEmpty();
    Files.writeString(file, HEAD + "ipvs: {strictARP: true}");
    assertThat(watch.look())
        .contains(file + " changed: ipvs.scheduler lc -> default, ipvs.strictARP default -> true");
  }
}
