package io.kubeipvs.proxy.cli;

import io.kubeipvs.ipset.IpSets;
import io.kubeipvs.ipset.netlink.NetlinkIpSets;
import io.kubeipvs.iptables.Iptables;
import io.kubeipvs.ipvs.Ipvs;
import io.kubeipvs.ipvs.netlink.NetlinkIpvs;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.netlink.conntrack.NetlinkConntrack;
import io.kubeipvs.netlink.route.NetlinkRoutes;
import io.kubeipvs.proxy.apply.Kernel;
import io.kubeipvs.proxy.apply.NoIpSets;
import io.kubeipvs.proxy.apply.NoIpvs;
import io.kubeipvs.proxy.config.KernelModules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Opens the kernel's parts, and says in one sentence which one is missing. */
final class KernelGateways {
  /** {@code CAP_NET_ADMIN} in {@code linux/capability.h}. */
  private static final int NET_ADMIN = 12;

  private KernelGateways() {}

  static Kernel open(NetlinkTrace trace, Map<AddressFamily, Iptables> iptables)
      throws IOException, StartupException {
    requireNetAdmin();
    loadModules();
    return new Kernel(
        openIpvs(trace),
        openSets(trace),
        NetlinkRoutes.open(trace),
        NetlinkConntrack.open(trace),
        iptables);
  }

  /** As far as the kernel goes: for iptables mode, which looks for what IPVS mode has left. */
  static Kernel openWhatThereIs(NetlinkTrace trace, Map<AddressFamily, Iptables> iptables)
      throws IOException, StartupException {
    requireNetAdmin();
    loadModules();
    return new Kernel(
        ipvsIfAny(trace),
        setsIfAny(trace),
        NetlinkRoutes.open(trace),
        NetlinkConntrack.open(trace),
        iptables);
  }

  private static Ipvs ipvsIfAny(NetlinkTrace trace) {
    try {
      return openIpvs(trace);
    } catch (StartupException e) {
      return new NoIpvs();
    }
  }

  private static IpSets setsIfAny(NetlinkTrace trace) {
    try {
      return openSets(trace);
    } catch (StartupException e) {
      return new NoIpSets();
    }
  }

  private static void requireNetAdmin() throws IOException, StartupException {
    if (!hasNetAdmin(Files.readAllLines(Path.of("/proc/self/status")))) {
      throw new StartupException(
          "The capability NET_ADMIN is missing: run kube-ipvs as root, or give its container"
              + " securityContext.capabilities.add: [NET_ADMIN].");
    }
  }

  /** Reads the line {@code CapEff:} of {@code /proc/self/status}, a number in hexadecimal. */
  static boolean hasNetAdmin(List<String> status) {
    Optional<String> effective =
        status.stream().filter(line -> line.startsWith("CapEff:")).findFirst();
    return effective.isPresent()
        && (Long.parseUnsignedLong(effective.get().substring(7).strip(), 16) >>> NET_ADMIN & 1)
            == 1;
  }

  /** Where modprobe may and can; what is missing after that is found by using it. */
  private static void loadModules() {
    if (Files.exists(Path.of("/proc/net/ip_vs")) && Files.exists(Path.of("/sys/module/xt_set"))) {
      return;
    }
    try {
      Process modprobe =
          new ProcessBuilder(
                  Stream.concat(
                          Stream.of("modprobe", "-a", "-q", "ip_vs_rr"),
                          KernelModules.NEEDED.stream())
                      .toList())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      modprobe.waitFor();
    } catch (IOException e) {
      // No modprobe here: then the modules are built in, loaded by somebody else, or missed below.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static Ipvs openIpvs(NetlinkTrace trace) throws StartupException {
    try {
      return NetlinkIpvs.open(trace);
    } catch (IOException e) {
      throw new MissingKernelPartException(
          "This kernel has no IPVS ("
              + e.getMessage()
              + "): load the module ip_vs on the node (modprobe ip_vs), or use a kernel that has"
              + " it.");
    }
  }

  private static IpSets openSets(NetlinkTrace trace) throws StartupException {
    try {
      return NetlinkIpSets.open(trace);
    } catch (IOException e) {
      throw new MissingKernelPartException(
          "This kernel has no IP sets ("
              + e.getMessage()
              + "): load the module ip_set on the node (modprobe ip_set), or use a kernel that has"
              + " it.");
    }
  }
}
