package io.kubeipvs.proxy.cli;

import io.kubeipvs.ipset.IpSets;
import io.kubeipvs.ipset.netlink.NetlinkIpSets;
import io.kubeipvs.iptables.Iptables;
import io.kubeipvs.ipvs.Ipvs;
import io.kubeipvs.ipvs.netlink.NetlinkIpvs;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.netlink.conntrack.Conntrack;
import io.kubeipvs.netlink.conntrack.NetlinkConntrack;
import io.kubeipvs.netlink.conntrack.NoConntrackException;
import io.kubeipvs.netlink.route.NetlinkRoutes;
import io.kubeipvs.netlink.route.Routes;
import io.kubeipvs.proxy.apply.Kernel;
import io.kubeipvs.proxy.apply.NoConntrack;
import io.kubeipvs.proxy.apply.NoIpSets;
import io.kubeipvs.proxy.apply.NoIpvs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Opens the kernel's parts, and says in one sentence which one is missing. */
final class KernelGateways {
  /** {@code CAP_NET_ADMIN} in {@code linux/capability.h}. */
  private static final int NET_ADMIN = 12;

  private static final Logger LOG = LogManager.getLogger("io.kubeipvs");

  private KernelGateways() {}

  /** A part of the kernel, by a socket of its own. */
  @FunctionalInterface
  interface Opener<T> {
    T open() throws IOException;
  }

  /**
   * All of it.
   *
   * @throws MissingKernelPartException when the kernel has no IPVS, no sets, or does not show flows
   * @throws IOException for reasons that may pass, and tell nothing about what the kernel has
   */
  static Kernel open(NetlinkTrace trace, Map<AddressFamily, Iptables> iptables)
      throws IOException, StartupException {
    return open(
        trace, iptables, () -> openIpvs(trace), () -> openSets(trace), () -> openConntrack(trace));
  }

  /** As far as the kernel goes: for iptables mode, which looks for what IPVS mode has left. */
  static Kernel openWhatThereIs(NetlinkTrace trace, Map<AddressFamily, Iptables> iptables)
      throws IOException, StartupException {
    return open(
        trace,
        iptables,
        () -> orElse(() -> openIpvs(trace), NoIpvs::new),
        () -> orElse(() -> openSets(trace), NoIpSets::new),
        () -> orElse(() -> openConntrack(trace), KernelGateways::noConntrack));
  }

  /** For iptables mode on a node where it cannot be told what the kernel has of IPVS. */
  static Kernel openWithoutIpvs(NetlinkTrace trace, Map<AddressFamily, Iptables> iptables)
      throws IOException, StartupException {
    return open(
        trace,
        iptables,
        NoIpvs::new,
        NoIpSets::new,
        () -> orElse(() -> openConntrack(trace), KernelGateways::noConntrack));
  }

  private static Kernel open(
      NetlinkTrace trace,
      Map<AddressFamily, Iptables> iptables,
      StartRetry.Attempt<Ipvs> ipvs,
      StartRetry.Attempt<IpSets> sets,
      StartRetry.Attempt<Conntrack> conntrack)
      throws IOException, StartupException {
    requireNetAdmin();
    KernelModuleLoad.run();
    Deque<AutoCloseable> opened = new ArrayDeque<>();
    try {
      Ipvs table = ipvs.run();
      opened.push(table);
      IpSets setTable = sets.run();
      opened.push(setTable);
      Routes routes = NetlinkRoutes.open(trace);
      opened.push(routes);
      return new Kernel(table, setTable, routes, conntrack.run(), iptables);
    } catch (IOException | StartupException e) {
      closeAll(opened, e);
      throw e;
    }
  }

  private static void closeAll(Deque<AutoCloseable> opened, Exception reason) {
    for (AutoCloseable each : opened) {
      try {
        each.close();
      } catch (Exception e) {
        reason.addSuppressed(e);
      }
    }
  }

  /** The second where the kernel lacks the first; not where it cannot be told. */
  static <T> T orElse(StartRetry.Attempt<T> first, Supplier<? extends T> second)
      throws IOException, StartupException {
    try {
      return first.run();
    } catch (MissingKernelPartException e) {
      return second.get();
    }
  }

  static void requireNetAdmin() throws IOException, StartupException {
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

  static Ipvs openIpvs(NetlinkTrace trace) throws IOException, StartupException {
    return ipvs(() -> NetlinkIpvs.open(trace));
  }

  static Ipvs ipvs(Opener<? extends Ipvs> opener) throws IOException, StartupException {
    try {
      return opener.open();
    } catch (IOException e) {
      if (!KernelLack.ofIpvs(e)) {
        throw e;
      }
      throw new MissingKernelPartException(
          "This kernel has no IPVS ("
              + e.getMessage()
              + "): load the module ip_vs on the node (modprobe ip_vs), or use a kernel that has"
              + " it.");
    }
  }

  private static Conntrack openConntrack(NetlinkTrace trace) throws IOException, StartupException {
    return conntrack(() -> NetlinkConntrack.open(trace));
  }

  static Conntrack conntrack(Opener<? extends Conntrack> opener)
      throws IOException, StartupException {
    try {
      return opener.open();
    } catch (NoConntrackException e) {
      throw new MissingKernelPartException(
          "This kernel does not show its connections ("
              + e.getMessage()
              + "): load the module on the node (modprobe nf_conntrack_netlink), or use a kernel"
              + " that has it.");
    }
  }

  private static Conntrack noConntrack() {
    LOG.warn(
        "this kernel has no module nf_conntrack_netlink: UDP clients may go on to an endpoint that"
            + " is gone until they are silent for a while");
    return new NoConntrack();
  }

  private static IpSets openSets(NetlinkTrace trace) throws IOException, StartupException {
    return sets(() -> NetlinkIpSets.open(trace));
  }

  static IpSets sets(Opener<? extends IpSets> opener) throws IOException, StartupException {
    try {
      return opener.open();
    } catch (IOException e) {
      if (!KernelLack.ofSets(e)) {
        throw e;
      }
      throw new MissingKernelPartException(
          "This kernel has no IP sets ("
              + e.getMessage()
              + "): load the module ip_set on the node (modprobe ip_set), or use a kernel that has"
              + " it.");
    }
  }
}
