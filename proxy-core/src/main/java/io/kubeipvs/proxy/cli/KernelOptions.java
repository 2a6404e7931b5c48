package io.kubeipvs.proxy.cli;

import io.kubeipvs.proxy.config.ConntrackSettings;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Flags about the kernel's connection tracking and about this process, as kube-proxy has them. */
final class KernelOptions {
  @Option(
      names = "--conntrack-max-per-core",
      defaultValue = "32768",
      paramLabel = "N",
      description =
          "connections the kernel tracks for each processor; 0 leaves its limit (default:"
              + " ${DEFAULT-VALUE})")
  int maxPerCore = 32768;

  @Option(
      names = "--conntrack-min",
      defaultValue = "131072",
      paramLabel = "N",
      description = "of that limit, however few processors there are (default: ${DEFAULT-VALUE})")
  int min = 131072;

  @Option(
      names = "--conntrack-tcp-timeout-established",
      defaultValue = "24h",
      paramLabel = "DURATION",
      converter = ProxyOptions.AnyDuration.class,
      description = "of idle TCP connections; 0 leaves the kernel's (default: ${DEFAULT-VALUE})")
  Duration tcpEstablished = Duration.ofHours(24);

  @Option(
      names = "--conntrack-tcp-timeout-close-wait",
      defaultValue = "1h",
      paramLabel = "DURATION",
      converter = ProxyOptions.AnyDuration.class,
      description =
          "of TCP connections one side has closed; 0 leaves the kernel's (default:"
              + " ${DEFAULT-VALUE})")
  Duration tcpCloseWait = Duration.ofHours(1);

  @Option(
      names = "--conntrack-tcp-be-liberal",
      arity = "0..1",
      fallbackValue = "true",
      defaultValue = "false",
      description = "let packets outside of TCP's window pass")
  boolean tcpBeLiberal;

  @Option(
      names = "--conntrack-udp-timeout",
      defaultValue = "0s",
      paramLabel = "DURATION",
      converter = ProxyOptions.AnyDuration.class,
      description = "of UDP flows without an answer; 0 leaves the kernel's")
  Duration udp = Duration.ZERO;

  @Option(
      names = "--conntrack-udp-timeout-stream",
      defaultValue = "0s",
      paramLabel = "DURATION",
      converter = ProxyOptions.AnyDuration.class,
      description = "of UDP flows with answers; 0 leaves the kernel's")
  Duration udpStream = Duration.ZERO;

  @Option(
      names = "--oom-score-adj",
      defaultValue = "-999",
      paramLabel = "N",
      description =
          "how unlikely the kernel ends this process when memory is short, -1000..1000 (default:"
              + " ${DEFAULT-VALUE})")
  int oomScoreAdj = -999;

  ConntrackSettings conntrack() {
    return new ConntrackSettings(
        maxPerCore, min, tcpEstablished, tcpCloseWait, tcpBeLiberal, udp, udpStream);
  }
}
