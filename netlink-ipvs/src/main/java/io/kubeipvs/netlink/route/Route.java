package io.kubeipvs.netlink.route;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import java.util.Optional;

/**
 * A route of any kind and table, as a dump shows it.
 *
 * @param table 255 local, 254 main, 253 default, or one that somebody made
 * @param type {@code rtm_type}; see {@link Type}
 * @param source the address this host uses as its own towards the destination
 * @param linkIndex of the device it leads to; 0 where it leads to none, or to several
 * @param metric unsigned; of routes to the same destination the least counts
 * @param protocol {@code rtm_protocol}: who made it
 */
public record Route(
    int table,
    Type type,
    IpPrefix destination,
    Optional<IpAddress> gateway,
    Optional<IpAddress> source,
    int linkIndex,
    int metric,
    int protocol) {
  public static final int TABLE_LOCAL = 255;
  public static final int TABLE_MAIN = 254;
  public static final int TABLE_DEFAULT = 253;

  /** {@code RTN_*} of {@code linux/rtnetlink.h}. Open, because a kernel may know more. */
  public record Type(int number) {
    public static final Type UNICAST = new Type(1);
    public static final Type LOCAL = new Type(2);
    public static final Type BROADCAST = new Type(3);
    public static final Type ANYCAST = new Type(4);
    public static final Type MULTICAST = new Type(5);
    public static final Type BLACKHOLE = new Type(6);
    public static final Type UNREACHABLE = new Type(7);
    public static final Type PROHIBIT = new Type(8);
    public static final Type THROW = new Type(9);

    /** As {@code ip route} prints it. */
    @Override
    public String toString() {
      return switch (number) {
        case 1 -> "unicast";
        case 2 -> "local";
        case 3 -> "broadcast";
        case 4 -> "anycast";
        case 5 -> "multicast";
        case 6 -> "blackhole";
        case 7 -> "unreachable";
        case 8 -> "prohibit";
        case 9 -> "throw";
        default -> Integer.toString(number);
      };
    }
  }
}
