package io.kubeipvs.proxy.cli;

import io.kubeipvs.ipvs.Ipvs;
import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.IpvsTimeouts;
import io.kubeipvs.ipvs.ObservedService;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.apply.Kernel;
import io.kubeipvs.proxy.config.KernelVersion;
import io.kubeipvs.proxy.config.SysctlFiles;
import io.kubeipvs.proxy.config.SysctlPlan;
import java.io.IOException;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** What is checked and set once, before the first sync. */
final class Preflight {
  private static final Logger LOG = LogManager.getLogger("io.kubeipvs");

  /**
   * A documentation address (RFC 5737) and port nobody serves, as kube-proxy uses for its probe.
   */
  private static final ServiceKey PROBE =
      ServiceKey.of(Protocol.TCP, IpAddress.of("198.51.100.0"), 20000);

  private Preflight() {}

  static void checkFlags(ProxyOptions options) throws StartupException {
    if (options.masqueradeBit < 0 || options.masqueradeBit > 31) {
      throw new StartupException(
          "--iptables-masquerade-bit: " + options.masqueradeBit + " is not in 0..31");
    }
    if (options.minimumSyncPeriod.compareTo(options.syncPeriod) > 0) {
      throw new StartupException(
          "--ipvs-min-sync-period must not be longer than --ipvs-sync-period");
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
    if (options.scheduler.length() > 15) {
      throw new StartupException(
          "--ipvs-scheduler: '" + options.scheduler + "' is longer than a scheduler's name can be");
    }
  }

  static void prepare(ProxyOptions options, Kernel kernel) throws IOException, StartupException {
    setSysctls(options);
    setTimeouts(options, kernel.ipvs());
    if (!options.scheduler.isEmpty()) {
      probe(new Scheduler(options.scheduler), kernel.ipvs());
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

  /**
   * Whether the kernel offers the scheduler: known when a service has it, else by making one for a
   * moment, which also lets the kernel load the module.
   */
  private static void probe(Scheduler scheduler, Ipvs ipvs) throws IOException, StartupException {
    for (ObservedService observed : ipvs.services()) {
      if (observed.service().scheduler().equals(scheduler)) {
        return;
      }
    }
    var add = new IpvsCommand.AddService(VirtualService.of(PROBE, scheduler));
    var failures = ipvs.execute(List.of(add, new IpvsCommand.DeleteService(PROBE)));
    if (!failures.isEmpty()) {
      throw new StartupException(
          "--ipvs-scheduler: this kernel does not offer '%s' (%s): load the module ip_vs_%s, or choose another"
              .formatted(scheduler, failures.get(0).cause().getMessage(), scheduler));
    }
  }
}
