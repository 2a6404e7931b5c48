package io.kubeipvs.proxy.cli;

import io.kubeipvs.ipvs.Ipvs;
import io.kubeipvs.ipvs.IpvsTimeouts;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.netlink.route.LinkAddress;
import io.kubeipvs.netlink.route.Routes;
import io.kubeipvs.proxy.apply.Kernel;
import io.kubeipvs.proxy.apply.SchedulerProbe;
import io.kubeipvs.proxy.config.ConntrackSettings;
import io.kubeipvs.proxy.config.ConntrackTable;
import io.kubeipvs.proxy.config.Cores;
import io.kubeipvs.proxy.config.Ipv6Forwarding;
import io.kubeipvs.proxy.config.KernelVersion;
import io.kubeipvs.proxy.config.SysctlFiles;
import io.kubeipvs.proxy.config.SysctlPlan;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.plan.iptables.IptablesSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** What is checked and set once, before the first sync. */
final class Preflight {
  private static final Logger LOG = LogManager.getLogger("io.kubeipvs");

  /** In the place of the node's own, which nobody knows yet; they are no loopback addresses. */
  private static final IpPrefix SOME_ADDRESS = IpPrefix.host(IpAddress.of("192.0.2.1"));

  private Preflight() {}

  static void checkFlags(ProxyOptions options) throws StartupException {
    if (options.masqueradeBit < 0 || options.masqueradeBit > 31) {
      throw new StartupException(
          "--iptables-masquerade-bit: " + options.masqueradeBit + " is not in 0..31");
    }
    if (options.conntrack.maximumPerCore < 0 || options.conntrack.minimum < 0) {
      throw new StartupException(
          "--conntrack-max-per-core and --conntrack-min must not be negative");
    }
    if (options.minimumSyncPeriod.compareTo(options.syncPeriod) > 0) {
      throw new StartupException(
          "--ipvs-min-sync-period must not be longer than --ipvs-sync-period");
    }
    if (options.iptablesMinimumSyncPeriod.compareTo(options.iptablesSyncPeriod) > 0) {
      throw new StartupException(
          "--iptables-min-sync-period must not be longer than --iptables-sync-period");
    }
    if (options.detectLocal == ProxyOptions.DetectLocalMode.BridgeInterface
        && options.podBridge.isEmpty()) {
      throw new StartupException(
          "--detect-local-mode: BridgeInterface needs --pod-bridge-interface");
    }
    if (options.detectLocal == ProxyOptions.DetectLocalMode.InterfaceNamePrefix
        && options.podInterfacePrefix.isEmpty()) {
      throw new StartupException(
          "--detect-local-mode: InterfaceNamePrefix needs --pod-interface-name-prefix");
    }
    if (!options.scheduler.matches("[A-Za-z0-9_-]*")) {
      throw new StartupException(
          "--ipvs-scheduler: '" + options.scheduler + "' is no name of a scheduler");
    }
    if (options.scheduler.length() > 15) {
      throw new StartupException(
          "--ipvs-scheduler: '" + options.scheduler + "' is longer than a scheduler's name can be");
    }
  }

  static void prepare(ProxyOptions options, Kernel kernel) throws IOException, StartupException {
    setSysctls(options);
    setConntrack(options.conntrack.settings());
    forwardIpv6(options, kernel);
    setTimeouts(options, kernel.ipvs());
    if (!options.scheduler.isEmpty()) { // the default is a part of the kernel that IPVS mode needs
      probe(new Scheduler(options.scheduler), kernel.ipvs());
    }
  }

  /** The same for iptables mode. */
  static void prepareIptables(ProxyOptions options, Kernel kernel) throws IOException {
    boolean localhost =
        kernel.iptables().containsKey(AddressFamily.IPV4) && servesNodePortsOnLoopback(options);
    new SysctlFiles()
        .apply(SysctlPlan.ofIptables(localhost, options.strictArp))
        .forEach(set -> LOG.info("set {}", set));
    setConntrack(options.conntrack.settings());
    forwardIpv6(options, kernel);
  }

  /** In iptables mode, on 127.0.0.0/8. */
  static boolean servesNodePortsOnLoopback(ProxyOptions options) {
    List<IpPrefix> ranges = new ArrayList<>(options.nodePortRanges());
    if (options.nodePortsOnPrimary()) {
      ranges.add(SOME_ADDRESS);
    }
    return new IptablesSettings(
            options.ruleSettings(NodeInfo.named(""), false),
            options.localhostNodePorts,
            true,
            ranges)
        .servesNodePortsOnLoopback(AddressFamily.IPV4);
  }

  /** Then it takes no packet for invalid that a rule could drop. */
  static boolean isConntrackLiberal() {
    try {
      return !new SysctlFiles().read("net/netfilter/nf_conntrack_tcp_be_liberal").equals("0");
    } catch (IOException e) {
      return false; // not loaded yet: the kernel's default
    }
  }

  private static void setSysctls(ProxyOptions options) throws IOException, StartupException {
    SysctlFiles files = new SysctlFiles();
    String release = files.read("kernel/osrelease");
    KernelVersion version =
        KernelVersion.parse(release)
            .orElseThrow(
                () -> new StartupException("The kernel's version is unreadable: " + release));
    files.apply(SysctlPlan.of(version, options.strictArp)).forEach(set -> LOG.info("set {}", set));
    LOG.info("{}", SysctlPlan.connReuseReason(version));
  }

  private static void setConntrack(ConntrackSettings settings) {
    int cores = Cores.allowed();
    ConntrackTable.Result result = new ConntrackTable(new SysctlFiles()).apply(settings, cores);
    result.changed().forEach(set -> LOG.info("set {}", set));
    result.problems().forEach(problem -> LOG.warn("connection tracking is as it was: {}", problem));
  }

  /** Said only where it is missed: a node that has no IPv6 address of its own is not asked. */
  private static void forwardIpv6(ProxyOptions options, Kernel kernel) throws IOException {
    SysctlFiles files = new SysctlFiles();
    if (!Ipv6Forwarding.isOff(files)) {
      return;
    }
    if (options.ipv6Forwarding) {
      files.apply(Ipv6Forwarding.switchingOn(files)).forEach(set -> LOG.info("set {}", set));
    } else if (kernel.iptables().containsKey(AddressFamily.IPV6) && hasIpv6(kernel.routes())) {
      LOG.warn("{}", Ipv6Forwarding.remedy());
    }
  }

  private static boolean hasIpv6(Routes routes) throws IOException {
    return routes.addresses(AddressFamily.IPV6).stream()
        .map(LinkAddress::address)
        .anyMatch(address -> !address.isLoopback() && !address.isLinkLocal());
  }

  private static void setTimeouts(ProxyOptions options, Ipvs ipvs) throws IOException {
    IpvsTimeouts timeouts =
        new IpvsTimeouts(
            Math.toIntExact(options.tcpTimeout.toSeconds()),
            Math.toIntExact(options.tcpFinTimeout.toSeconds()),
            Math.toIntExact(options.udpTimeout.toSeconds()));
    if (!timeouts.equals(new IpvsTimeouts(0, 0, 0))) {
      ipvs.setTimeouts(timeouts);
    }
  }

  /** Where a service has it, the kernel has it, and nothing needs to be written to find out. */
  static boolean offers(Ipvs ipvs, Scheduler scheduler) throws IOException {
    boolean used =
        ipvs.services().stream()
            .anyMatch(observed -> observed.service().scheduler().equals(scheduler));
    return used || SchedulerProbe.offers(ipvs, scheduler);
  }

  private static void probe(Scheduler scheduler, Ipvs ipvs) throws IOException, StartupException {
    if (!offers(ipvs, scheduler)) {
      throw new StartupException(
          "--ipvs-scheduler: this kernel does not offer '%s': load the module ip_vs_%s, or choose another"
              .formatted(scheduler, scheduler));
    }
  }
}
