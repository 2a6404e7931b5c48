package io.kubeipvs.proxy.config;

import java.util.ArrayList;
import java.util.List;

/** The kernel settings IPVS needs to serve Services: kube-proxy's, with its values. */
public final class SysctlPlan {
  private SysctlPlan() {}

  /**
   * The settings for that kernel.
   *
   * @param strictArp answer ARP only for addresses of the interface that is asked
   */
  public static List<Sysctl> of(KernelVersion kernel, boolean strictArp) {
    List<Sysctl> sysctls = new ArrayList<>();
    sysctls.add(
        new Sysctl("net/ipv4/vs/conntrack", 1, "iptables must see the connections of IPVS"));
    connReuseMode(kernel, sysctls);
    sysctls.add(
        new Sysctl(
            "net/ipv4/vs/expire_nodest_conn", 1, "connections to a server that is gone must end"));
    sysctls.add(
        new Sysctl(
            "net/ipv4/vs/expire_quiescent_template",
            1,
            "clients with affinity must leave a server that drains"));
    addCommon(sysctls, strictArp);
    return sysctls;
  }

  /**
   * What iptables mode needs.
   *
   * @param localhostNodePorts whether packets from loopback addresses may go to pods
   */
  public static List<Sysctl> ofIptables(boolean localhostNodePorts, boolean strictArp) {
    List<Sysctl> sysctls = new ArrayList<>();
    addCommon(sysctls, strictArp);
    if (localhostNodePorts) {
      sysctls.add(
          new Sysctl(
              "net/ipv4/conf/all/route_localnet",
              1,
              "node ports are served on 127.0.0.0/8; --iptables-localhost-nodeports=false does"
                  + " without"));
    }
    return sysctls;
  }

  private static void addCommon(List<Sysctl> sysctls, boolean strictArp) {
    sysctls.add(new Sysctl("net/ipv4/ip_forward", 1, "pods are on other interfaces"));
    if (strictArp) {
      sysctls.add(new Sysctl("net/ipv4/conf/all/arp_ignore", 1, "strict ARP"));
      sysctls.add(new Sysctl("net/ipv4/conf/all/arp_announce", 2, "strict ARP"));
    }
  }

  /**
   * With value 1, kernels before 5.9 drop the first packet of a connection whose client port was
   * used a moment ago, which costs the client a second. With 0, on any kernel, such a connection
   * goes where the former one went, even to a server that drains. So 0 where it must be, and the
   * kernel's own value where that has become safe.
   */
  private static void connReuseMode(KernelVersion kernel, List<Sysctl> sysctls) {
    if (needsConnReuseMode0(kernel)) {
      sysctls.add(new Sysctl("net/ipv4/vs/conn_reuse_mode", 0, connReuseReason(kernel)));
    }
  }

  private static boolean needsConnReuseMode0(KernelVersion kernel) {
    return !kernel.isBefore(4, 1) && kernel.isBefore(5, 9);
  }

  /** What was decided about {@code conn_reuse_mode}, and why. */
  public static String connReuseReason(KernelVersion kernel) {
    if (needsConnReuseMode0(kernel)) {
      return "conn_reuse_mode 0: kernel "
          + kernel
          + " delays connections from reused client ports by a second with any other value";
    }
    return kernel.isBefore(4, 1)
        ? "kernel "
            + kernel
            + " has no conn_reuse_mode: reused client ports may reach a server that drains"
        : "conn_reuse_mode left as it is: kernel "
            + kernel
            + " handles reused client ports without delay, and spreads them anew";
  }
}
