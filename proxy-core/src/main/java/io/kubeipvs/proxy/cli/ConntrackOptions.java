package io.kubeipvs.proxy.cli;

import io.kubeipvs.proxy.config.ConntrackSettings;
import java.time.Duration;
import picocli.CommandLine.Option;

/** kube-proxy's flags for connection tracking, with its defaults. */
final class ConntrackOptions {
  @Option(
      names = "--conntrack-max-per-core",
      defaultValue = "32768",
      paramLabel = "N",
      description =
          "tracked connections for each core, only ever raised; 0 leaves the kernel's limit"
              + " (default: ${DEFAULT-VALUE})")
  int maximumPerCore = 32768;

  @Option(
      names = "--conntrack-min",
      defaultValue = "131072",
      paramLabel = "N",
      description = "tracked connections on any machine (default: ${DEFAULT-VALUE})")
  int minimum = 131_072;

  @Option(
      names = "--conntrack-tcp-timeout-established",
      defaultValue = "24h",
      paramLabel = "DURATION",
      converter = ProxyOptions.AnyDuration.class,
      description = "of idle connections; 0 keeps the kernel's (default: ${DEFAULT-VALUE})")
  Duration tcpEstablished = Duration.ofHours(24);

  @Option(
      names = "--conntrack-tcp-timeout-close-wait",
      defaultValue = "1h",
      paramLabel = "DURATION",
      converter = ProxyOptions.AnyDuration.class,
      description =
          "of connections in CLOSE_WAIT; 0 keeps the kernel's (default: ${DEFAULT-VALUE})")
  Duration tcpCloseWait = Duration.ofHours(1);

  @Option(
      names = "--conntrack-tcp-be-liberal",
      arity = "0..1",
      fallbackValue = "true",
      defaultValue = "false",
      description = "take packets outside a connection's window for valid")
  boolean tcpBeLiberal;

  @Option(
      names = "--conntrack-udp-timeout",
      defaultValue = "0s",
      paramLabel = "DURATION",
      converter = ProxyOptions.AnyDuration.class,
      description = "of unanswered UDP flows; 0 keeps the kernel's")
  Duration udp = Duration.ZERO;

  @Option(
      names = "--conntrack-udp-timeout-stream",
      defaultValue = "0s",
      paramLabel = "DURATION",
      converter = ProxyOptions.AnyDuration.class,
      description = "of answered UDP flows; 0 keeps the kernel's")
  Duration udpStream = Duration.ZERO;

  ConntrackSettings settings() {
    return new ConntrackSettings(
        maximumPerCore, minimum, tcpEstablished, tcpCloseWait, tcpBeLiberal, udp, udpStream);
  }
}
