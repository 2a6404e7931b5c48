package io.kubeipvs.proxy.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Limits of connection tracking, as kube-proxy sets them. A duration of 0 leaves the kernel's.
 *
 * @param maxPerCore tracked connections for each processor; 0 leaves the kernel's limit
 * @param min of the limit, however few processors there are
 */
public record ConntrackSettings(
    int maxPerCore,
    int min,
    Duration tcpEstablished,
    Duration tcpCloseWait,
    boolean tcpBeLiberal,
    Duration udp,
    Duration udpStream) {

  /** Of what a number of processors adds up to, in the newest kube-proxy. */
  private static final long LIMIT = 1 << 20;

  private static final String PREFIX = "net/netfilter/nf_conntrack_";

  /**
   * What to set.
   *
   * @param present how many connections the kernel tracks at most now; it is never made fewer
   */
  public List<Sysctl> sysctls(int processors, int present) {
    List<Sysctl> sysctls = new ArrayList<>();
    int wanted = max(processors);
    if (wanted > present) {
      sysctls.add(new Sysctl(PREFIX + "max", wanted, processors + " processors"));
    }
    timeout(sysctls, "tcp_timeout_established", tcpEstablished);
    timeout(sysctls, "tcp_timeout_close_wait", tcpCloseWait);
    timeout(sysctls, "udp_timeout", udp);
    timeout(sysctls, "udp_timeout_stream", udpStream);
    if (tcpBeLiberal) {
      sysctls.add(new Sysctl(PREFIX + "tcp_be_liberal", 1, "asked for"));
    }
    return sysctls;
  }

  private int max(int processors) {
    if (maxPerCore == 0) {
      return 0;
    }
    long product = (long) maxPerCore * processors;
    return product > LIMIT ? (int) LIMIT : Math.max((int) product, min);
  }

  private static void timeout(List<Sysctl> sysctls, String name, Duration timeout) {
    if (timeout.toSeconds() > 0) {
      int seconds = (int) Math.min(Integer.MAX_VALUE, timeout.toSeconds());
      sysctls.add(new Sysctl(PREFIX + name, seconds, "asked for"));
    }
  }
}
