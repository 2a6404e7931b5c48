package io.kubeipvs.proxy.config;

import io.kubeipvs.proxy.config.ConfigField.Treatment;
import java.util.List;
import java.util.Optional;

/** All fields that are known, in the order of the documentation. */
public final class ConfigFields {
  private static final String OTHER_MODE = "another mode's";
  private static final String WINDOWS = "Windows'";
  private static final String LOGGING = "the log has one format; its level is KUBE_IPVS_LOG_LEVEL";
  private static final String FEW_REQUESTS = "three watches are all there is to limit";
  private static final int MANY = Integer.MAX_VALUE;

  public static final List<ConfigField> ALL =
      List.of(
          // What it is and where.
          honoured(
              "mode",
              ValueType.choice("ipvs", "iptables"),
              "ipvs",
              "--mode",
              "empty means `ipvs`, not kube-proxy's `iptables`; `ipvs` falls back to `iptables` where"
                  + " the kernel lacks IPVS; `nftables`, `kernelspace` and"
                  + " `userspace` are rejected; the flag goes before the file"),
          honoured(
              "hostnameOverride",
              ValueType.text(),
              "",
              "--hostname-override",
              "the flag goes before the file"),
          honoured(
              "clientConnection.kubeconfig",
              ValueType.text(),
              "",
              "--kubeconfig",
              "empty: as a pod does"),
          ignored("clientConnection.acceptContentTypes", ValueType.text(), "", "", "JSON is read"),
          ignored(
              "clientConnection.contentType",
              ValueType.text(),
              "",
              "--kube-api-content-type",
              "JSON is read"),
          ignored("clientConnection.qps", ValueType.number(), "", "--kube-api-qps", FEW_REQUESTS),
          ignored(
              "clientConnection.burst",
              ValueType.integer(0, MANY),
              "",
              "--kube-api-burst",
              FEW_REQUESTS),
          ignored(
              "configSyncPeriod",
              ValueType.period(),
              "",
              "--config-sync-period",
              "nothing is sent again that did not change"),
          // Servers.
          ignored(
              "bindAddress",
              ValueType.address(),
              "",
              "--bind-address",
              "the node's addresses are those of its Node object and its devices"),
          honoured(
              "healthzBindAddress",
              ValueType.bindAddress(),
              "0.0.0.0:10256",
              "--healthz-bind-address",
              "a file cannot switch it off, as in kube-proxy; the flag can"),
          honoured(
              "metricsBindAddress",
              ValueType.bindAddress(),
              "127.0.0.1:10249",
              "--metrics-bind-address",
              "a file cannot switch it off, as in kube-proxy; the flag can"),
          honoured(
              "bindAddressHardFail", ValueType.bool(), "false", "--bind-address-hard-fail", ""),
          ignored(
              "enableProfiling",
              ValueType.bool(),
              "",
              "--profiling",
              "the Java runtime has its own ways"),
          ignored(
              "showHiddenMetricsForVersion",
              ValueType.text(),
              "",
              "--show-hidden-metrics-for-version",
              "no metric is hidden"),
          // IPVS.
          honoured("ipvs.scheduler", ValueType.text(), "rr", "--ipvs-scheduler", ""),
          honoured("ipvs.syncPeriod", ValueType.period(), "30s", "--ipvs-sync-period", ""),
          honoured(
              "ipvs.minSyncPeriod",
              ValueType.duration(),
              "0s",
              "--ipvs-min-sync-period",
              "kube-proxy's default is 1s"),
          honoured("ipvs.excludeCIDRs", ValueType.ranges(), "", "--ipvs-exclude-cidrs", ""),
          honoured("ipvs.strictARP", ValueType.bool(), "false", "--ipvs-strict-arp", ""),
          honoured("ipvs.tcpTimeout", ValueType.duration(), "0s", "--ipvs-tcp-timeout", ""),
          honoured("ipvs.tcpFinTimeout", ValueType.duration(), "0s", "--ipvs-tcpfin-timeout", ""),
          honoured("ipvs.udpTimeout", ValueType.duration(), "0s", "--ipvs-udp-timeout", ""),
          // Packets.
          honoured(
              "iptables.masqueradeAll",
              ValueType.bool(),
              "false",
              "--masquerade-all",
              "in IPVS mode too, as in kube-proxy"),
          honoured(
              "iptables.masqueradeBit",
              ValueType.integer(0, 31),
              "14",
              "--iptables-masquerade-bit",
              "in IPVS mode too, as in kube-proxy"),
          honoured(
              "iptables.localhostNodePorts",
              ValueType.bool(),
              "true",
              "--iptables-localhost-nodeports",
              "in iptables mode; `net.ipv4.conf.all.route_localnet` is set for it"),
          honoured(
              "iptables.syncPeriod",
              ValueType.period(),
              "30s",
              "--iptables-sync-period",
              "in iptables mode"),
          honoured(
              "iptables.minSyncPeriod",
              ValueType.duration(),
              "1s",
              "--iptables-min-sync-period",
              "in iptables mode"),
          honoured("clusterCIDR", ValueType.clusterCidr(), "", "--cluster-cidr", ""),
          honoured(
              "detectLocalMode",
              ValueType.choice("ClusterCIDR", "NodeCIDR", "BridgeInterface", "InterfaceNamePrefix"),
              "ClusterCIDR",
              "--detect-local-mode",
              ""),
          honoured(
              "detectLocal.bridgeInterface", ValueType.text(), "", "--pod-bridge-interface", ""),
          honoured(
              "detectLocal.interfaceNamePrefix",
              ValueType.text(),
              "",
              "--pod-interface-name-prefix",
              ""),
          honoured(
              "nodePortAddresses", ValueType.ranges("primary"), "", "--nodeport-addresses", ""),
          // The kernel and the process.
          honoured(
              "conntrack.maxPerCore",
              ValueType.integer(0, MANY),
              "32768",
              "--conntrack-max-per-core",
              "only ever raised; 0 leaves the kernel's"),
          honoured("conntrack.min", ValueType.integer(0, MANY), "131072", "--conntrack-min", ""),
          honoured(
              "conntrack.tcpEstablishedTimeout",
              ValueType.duration(),
              "24h",
              "--conntrack-tcp-timeout-established",
              "0 leaves the kernel's"),
          honoured(
              "conntrack.tcpCloseWaitTimeout",
              ValueType.duration(),
              "1h",
              "--conntrack-tcp-timeout-close-wait",
              "0 leaves the kernel's"),
          honoured(
              "conntrack.tcpBeLiberal",
              ValueType.bool(),
              "false",
              "--conntrack-tcp-be-liberal",
              ""),
          honoured(
              "conntrack.udpTimeout",
              ValueType.duration(),
              "0s",
              "--conntrack-udp-timeout",
              "0 leaves the kernel's"),
          honoured(
              "conntrack.udpStreamTimeout",
              ValueType.duration(),
              "0s",
              "--conntrack-udp-timeout-stream",
              "0 leaves the kernel's"),
          honoured(
              "oomScoreAdj",
              ValueType.integer(-1000, 1000),
              "-999",
              "--oom-score-adj",
              "left as it is where the container may not change it"),
          // Neither here nor there.
          ignored(
              "featureGates",
              ValueType.gates(),
              "",
              "--feature-gates",
              "they are kube-proxy's; what they switch on is on"),
          ignored("logging.format", ValueType.text(), "", "--logging-format", LOGGING),
          ignored("logging.flushFrequency", ValueType.anything(), "", "", LOGGING),
          ignored("logging.verbosity", ValueType.integer(0, MANY), "", "--v", LOGGING),
          ignored("logging.vmodule", ValueType.anything(), "", "--vmodule", LOGGING),
          ignored("logging.options", ValueType.anything(), "", "", LOGGING),
          ignored("portRange", ValueType.text(), "", "--proxy-port-range", "of no effect anywhere"),
          ignored("nftables", ValueType.anything(), "", "", OTHER_MODE),
          ignored("winkernel", ValueType.anything(), "", "", WINDOWS),
          ignored("windowsRunAsService", ValueType.bool(), "", "--windows-service", WINDOWS),
          // Ours.
          honoured(
              "kubeIpvs.vipBinding",
              ValueType.choice("route", "address"),
              "route",
              "--ipvs-vip-binding",
              "the flag goes before the file"),
          honoured(
              "kubeIpvs.foreignServices",
              ValueType.choice("keep", "delete"),
              "keep",
              "--ipvs-foreign-services",
              "the flag goes before the file"),
          honoured(
              "kubeIpvs.drainTimeout",
              ValueType.duration(),
              "",
              "--ipvs-drain-timeout",
              "the flag goes before the file"),
          honoured(
              "kubeIpvs.ipv6Forwarding",
              ValueType.bool(),
              "false",
              "--ipv6-forwarding",
              "the flag goes before the file"),
          honoured(
              "kubeIpvs.ipvsRequired",
              ValueType.bool(),
              "false",
              "--ipvs-required",
              "exit where IPVS is lacking, instead of falling back; the flag goes before the"
                  + " file"));

  /** Flags of kube-proxy that have no field, and no effect here. */
  public static final List<String> IGNORED_FLAGS =
      List.of(
          "--log-flush-frequency",
          "--log-json-info-buffer-size",
          "--log-json-split-stream",
          "--log-text-info-buffer-size",
          "--log-text-split-stream",
          "--log-backtrace-at",
          "--log-dir",
          "--log-file",
          "--log-file-max-size",
          "--logtostderr",
          "--alsologtostderr",
          "--stderrthreshold",
          "--one-output",
          "--skip-headers",
          "--skip-log-headers",
          "--add-dir-header",
          "--healthz-port",
          "--metrics-port",
          "--udp-timeout");

  private ConfigFields() {}

  private static ConfigField honoured(
      String path, ValueType type, String defaultValue, String flag, String note) {
    return new ConfigField(path, type, defaultValue, flag, Treatment.HONOURED, note);
  }

  private static ConfigField ignored(
      String path, ValueType type, String defaultValue, String flag, String reason) {
    return new ConfigField(path, type, defaultValue, flag, Treatment.IGNORED, reason);
  }

  public static Optional<ConfigField> at(String path) {
    return ALL.stream().filter(field -> field.path().equals(path)).findFirst();
  }

  public static Optional<ConfigField> ofFlag(String flag) {
    return ALL.stream().filter(field -> field.flag().equals(flag)).findFirst();
  }

  /** Whether there are fields below that path. */
  static boolean isSection(String path) {
    return ALL.stream().anyMatch(field -> field.path().startsWith(path + "."));
  }
}
