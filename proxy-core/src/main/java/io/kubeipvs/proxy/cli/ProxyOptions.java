package io.kubeipvs.proxy.cli;

import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.proxy.config.ProxyMode;
import io.kubeipvs.proxy.model.GoDuration;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.plan.DetectLocal;
import io.kubeipvs.proxy.plan.RuleSettings;
import io.kubeipvs.proxy.sync.SyncSchedule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Flags of the proxy; those kube-proxy has too have its names and meaning. */
final class ProxyOptions {
  private static final String PRIMARY = "primary";

  @Spec(Spec.Target.MIXEE)
  @Nullable CommandSpec command;

  enum Mode {
    ipvs,
    iptables
  }

  enum Binding {
    route,
    address
  }

  enum ForeignServices {
    keep,
    delete
  }

  enum DetectLocalMode {
    ClusterCIDR,
    NodeCIDR,
    BridgeInterface,
    InterfaceNamePrefix
  }

  @Option(
      names = {"--mode", "--proxy-mode"},
      defaultValue = "ipvs",
      description =
          "how Services are served: ${COMPLETION-CANDIDATES}; ipvs falls back to iptables on a"
              + " kernel without IPVS")
  Mode mode = Mode.ipvs;

  @Option(
      names = "--ipvs-required",
      arity = "0..1",
      fallbackValue = "true",
      defaultValue = "false",
      description = "exit where the kernel lacks what IPVS mode needs, instead of falling back")
  boolean ipvsRequired;

  @Option(
      names = "--manifests",
      paramLabel = "DIR",
      description =
          "directory of Service, EndpointSlice and Node manifests, watched for changes, in the place"
              + " of the Kubernetes API")
  @Nullable Path manifests;

  @Option(
      names = "--kubeconfig",
      defaultValue = "",
      paramLabel = "FILE",
      description = "how to reach the Kubernetes API; without it as a pod does")
  String kubeconfig = "";

  @Option(
      names = "--master",
      defaultValue = "",
      paramLabel = "URL",
      description = "address of the Kubernetes API, in the place of the kubeconfig's")
  String master = "";

  @Option(
      names = "--hostname-override",
      defaultValue = "",
      paramLabel = "NAME",
      description = "name of this node; else the host's name in lower case")
  String hostnameOverride = "";

  @Option(
      names = "--ipvs-scheduler",
      defaultValue = "",
      paramLabel = "NAME",
      description = "scheduler of virtual services (default: rr)")
  String scheduler = "";

  @Option(
      names = "--ipvs-sync-period",
      defaultValue = "30s",
      paramLabel = "DURATION",
      converter = PositiveDuration.class,
      description = "between two full comparisons with the kernel (default: ${DEFAULT-VALUE})")
  Duration syncPeriod = Duration.ofSeconds(30);

  @Option(
      names = "--ipvs-min-sync-period",
      defaultValue = "0s",
      paramLabel = "DURATION",
      converter = AnyDuration.class,
      description =
          "least time between two syncs; one change costs the same in any cluster, so there is"
              + " little need for it (default: ${DEFAULT-VALUE})")
  Duration minimumSyncPeriod = Duration.ZERO;

  @Option(
      names = "--ipvs-vip-binding",
      defaultValue = "route",
      description =
          "make VIPs local by a route each, or by an address each on kube-ipvs0 as kube-proxy does:"
              + " ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  Binding binding = Binding.route;

  @Option(
      names = "--ipvs-foreign-services",
      defaultValue = "keep",
      description =
          "virtual services that are not ours: ${COMPLETION-CANDIDATES} (default:"
              + " ${DEFAULT-VALUE}; kube-proxy deletes)")
  ForeignServices foreignServices = ForeignServices.keep;

  @Option(
      names = "--ipvs-exclude-cidrs",
      split = ",",
      paramLabel = "CIDR",
      converter = Prefix.class,
      description = "virtual services at these addresses are left alone whatever else holds")
  List<IpPrefix> excludeCidrs = new ArrayList<>();

  @Option(
      names = "--ipvs-strict-arp",
      arity = "0..1",
      fallbackValue = "true",
      defaultValue = "false",
      description = "answer ARP only on the interface that has the address")
  boolean strictArp;

  @Option(
      names = "--ipv6-forwarding",
      arity = "0..1",
      fallbackValue = "true",
      defaultValue = "false",
      description =
          "switch forwarding of IPv6 on, and keep router advertisements accepted where they are")
  boolean ipv6Forwarding;

  @Option(
      names = "--ipvs-drain-timeout",
      paramLabel = "DURATION",
      converter = AnyDuration.class,
      description = "how long a server that goes may keep its connections (default: for ever)")
  @Nullable Duration drainTimeout;

  @Option(
      names = "--ipvs-tcp-timeout",
      defaultValue = "0s",
      paramLabel = "DURATION",
      converter = AnyDuration.class,
      description = "of idle TCP connections in IPVS; 0 keeps the kernel's")
  Duration tcpTimeout = Duration.ZERO;

  @Option(
      names = "--ipvs-tcpfin-timeout",
      defaultValue = "0s",
      paramLabel = "DURATION",
      converter = AnyDuration.class,
      description = "of TCP connections after a FIN; 0 keeps the kernel's")
  Duration tcpFinTimeout = Duration.ZERO;

  @Option(
      names = "--ipvs-udp-timeout",
      defaultValue = "0s",
      paramLabel = "DURATION",
      converter = AnyDuration.class,
      description = "of UDP flows in IPVS; 0 keeps the kernel's")
  Duration udpTimeout = Duration.ZERO;

  @Mixin ConntrackOptions conntrack = new ConntrackOptions();

  @Option(
      names = "--masquerade-all",
      arity = "0..1",
      fallbackValue = "true",
      defaultValue = "false",
      description = "masquerade everything sent to cluster IPs")
  boolean masqueradeAll;

  @Option(
      names = "--iptables-masquerade-bit",
      defaultValue = "14",
      paramLabel = "BIT",
      description =
          "bit of the packet mark that asks for masquerading, 0..31 (default: ${DEFAULT-VALUE})")
  int masqueradeBit = 14;

  @Option(
      names = "--iptables-localhost-nodeports",
      arity = "0..1",
      fallbackValue = "true",
      defaultValue = "true",
      description =
          "in iptables mode, serve node ports on 127.0.0.0/8 too, which sets route_localnet"
              + " (default: ${DEFAULT-VALUE})")
  boolean localhostNodePorts = true;

  @Option(
      names = "--iptables-sync-period",
      defaultValue = "30s",
      paramLabel = "DURATION",
      converter = PositiveDuration.class,
      description = "as --ipvs-sync-period, in iptables mode (default: ${DEFAULT-VALUE})")
  Duration iptablesSyncPeriod = Duration.ofSeconds(30);

  @Option(
      names = "--iptables-min-sync-period",
      defaultValue = "1s",
      paramLabel = "DURATION",
      converter = AnyDuration.class,
      description =
          "as --ipvs-min-sync-period, in iptables mode, where each change takes a run of the tool"
              + " (default: ${DEFAULT-VALUE})")
  Duration iptablesMinimumSyncPeriod = Duration.ofSeconds(1);

  @Option(
      names = "--cluster-cidr",
      split = ",",
      paramLabel = "CIDR",
      converter = Prefix.class,
      description =
          "addresses of pods, one range a family; what comes from elsewhere is masqueraded")
  List<IpPrefix> clusterCidrs = new ArrayList<>();

  @Option(
      names = "--detect-local-mode",
      defaultValue = "ClusterCIDR",
      description = "how traffic of this node's pods is told: ${COMPLETION-CANDIDATES}")
  DetectLocalMode detectLocal = DetectLocalMode.ClusterCIDR;

  @Option(
      names = "--pod-bridge-interface",
      defaultValue = "",
      paramLabel = "NAME",
      description = "for BridgeInterface")
  String podBridge = "";

  @Option(
      names = "--pod-interface-name-prefix",
      defaultValue = "",
      paramLabel = "PREFIX",
      description = "for InterfaceNamePrefix")
  String podInterfacePrefix = "";

  @Option(
      names = "--nodeport-addresses",
      split = ",",
      paramLabel = "CIDR|primary",
      description = "node addresses that serve node ports (default: all)")
  List<String> nodePortAddresses = new ArrayList<>();

  @Option(
      names = "--netlink-trace",
      arity = "0..1",
      fallbackValue = "-",
      paramLabel = "FILE",
      description = "write every netlink message there, both directions; without FILE to stderr")
  @Nullable String netlinkTrace;

  /** The periods of that mode. */
  SyncSchedule schedule(ProxyMode inForce) {
    return switch (inForce) {
      case IPVS -> SyncSchedule.of(minimumSyncPeriod, syncPeriod);
      case IPTABLES -> SyncSchedule.of(iptablesMinimumSyncPeriod, iptablesSyncPeriod);
    };
  }

  /** Those given that decide what a sync does, as flags. */
  List<String> flags() {
    return command == null ? List.of() : RunFlags.inForce(command.commandLine().getParseResult());
  }

  RuleSettings ruleSettings(NodeInfo node, boolean randomFully) {
    return new RuleSettings(masqueradeAll, masqueradeBit, detectLocal(node), randomFully);
  }

  private DetectLocal detectLocal(NodeInfo node) {
    return switch (detectLocal) {
      case ClusterCIDR -> new DetectLocal.Ranges(clusterCidrs);
      case NodeCIDR -> new DetectLocal.Ranges(node.podCidrs());
      case BridgeInterface -> new DetectLocal.Bridge(podBridge);
      case InterfaceNamePrefix -> new DetectLocal.InterfacePrefix(podInterfacePrefix);
    };
  }

  /** {@code --nodeport-addresses} without the word "primary". */
  List<IpPrefix> nodePortRanges() {
    return nodePortAddresses.stream()
        .filter(text -> !text.equals(PRIMARY))
        .map(text -> new Prefix().convert(text))
        .toList();
  }

  boolean nodePortsOnPrimary() {
    return nodePortAddresses.contains(PRIMARY);
  }

  static final class AnyDuration implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String value) {
      return GoDuration.parse(value)
          .filter(duration -> !duration.isNegative())
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'" + value + "' is not a duration like 30s, 1m30s or 250ms"));
    }
  }

  static final class PositiveDuration implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String value) {
      Duration duration = new AnyDuration().convert(value);
      if (duration.isZero()) {
        throw new TypeConversionException("'" + value + "' must be more than 0");
      }
      return duration;
    }
  }

  static final class Prefix implements ITypeConverter<IpPrefix> {
    @Override
    public IpPrefix convert(String value) {
      return IpPrefix.parse(value.strip())
          .orElseThrow(
              () -> new TypeConversionException("'" + value + "' is not a CIDR like 10.0.0.0/8"));
    }
  }
}
