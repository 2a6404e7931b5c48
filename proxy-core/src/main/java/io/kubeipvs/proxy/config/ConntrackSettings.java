package io.kubeipvs.proxy.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What the kernel's connection tracking should be like: kube-proxy's {@code --conntrack-*} flags.
 *
 * @param maximumPerCore entries of the table for each core; 0 leaves the table's size alone
 * @param minimum entries of the table whatever the number of cores
 * @param tcpEstablished how long an idle connection is remembered; zero leaves the kernel's value,
 *     as with those below
 */
public record ConntrackSettings(
    int maximumPerCore,
    int minimum,
    Duration tcpEstablished,
    Duration tcpCloseWait,
    boolean tcpBeLiberal,
    Duration udp,
    Duration udpStream) {

  static final String MAXIMUM = "net/netfilter/nf_conntrack_max";

  /** With so many cores, more than this is a table nobody meant to ask for. */
  private static final int LARGEST_BY_CORES = 1 << 20;

  private static final String TABLE = "room for the connections of all pods";
  private static final String IDLE = "how long idle connections are remembered";

  /** The size of the table: only ever raised, for somebody may have made it larger on purpose. */
  public List<Sysctl> tableSize(int cores, int present) {
    long byCores = Math.min((long) maximumPerCore * cores, LARGEST_BY_CORES);
    int wanted = (int) Math.max(byCores, minimum);
    return maximumPerCore == 0 || wanted <= present
        ? List.of()
        : List.of(new Sysctl(MAXIMUM, wanted, TABLE));
  }

  public List<Sysctl> timeouts() {
    List<Sysctl> sysctls = new ArrayList<>();
    add("nf_conntrack_tcp_timeout_established", tcpEstablished, sysctls);
    add("nf_conntrack_tcp_timeout_close_wait", tcpCloseWait, sysctls);
    add("nf_conntrack_udp_timeout", udp, sysctls);
    add("nf_conntrack_udp_timeout_stream", udpStream, sysctls);
    if (tcpBeLiberal) {
      String reason = "packets outside a connection's window are not invalid";
      sysctls.add(new Sysctl("net/netfilter/nf_conntrack_tcp_be_liberal", 1, reason));
    }
    return sysctls;
  }

  private static void add(String name, Duration timeout, List<Sysctl> sysctls) {
    if (!timeout.isZero()) {
      int seconds = (int) Math.min(timeout.toSeconds(), Integer.MAX_VALUE);
      sysctls.add(new Sysctl("net/netfilter/" + name, seconds, IDLE));
    }
  }
}
