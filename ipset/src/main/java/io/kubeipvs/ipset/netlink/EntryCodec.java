package io.kubeipvs.ipset.netlink;

import static io.kubeipvs.ipset.netlink.IpSetNumbers.IPSET_ATTR_CADT_FLAGS;
import static io.kubeipvs.ipset.netlink.IpSetNumbers.IPSET_ATTR_CIDR2;
import static io.kubeipvs.ipset.netlink.IpSetNumbers.IPSET_ATTR_IP;
import static io.kubeipvs.ipset.netlink.IpSetNumbers.IPSET_ATTR_IP2;
import static io.kubeipvs.ipset.netlink.IpSetNumbers.IPSET_ATTR_IPADDR_IPV4;
import static io.kubeipvs.ipset.netlink.IpSetNumbers.IPSET_ATTR_IPADDR_IPV6;
import static io.kubeipvs.ipset.netlink.IpSetNumbers.IPSET_ATTR_PORT;
import static io.kubeipvs.ipset.netlink.IpSetNumbers.IPSET_ATTR_PROTO;
import static io.kubeipvs.ipset.netlink.IpSetNumbers.IPSET_FLAG_NOMATCH;
import static io.kubeipvs.netlink.AttributeWriter.NESTED;
import static io.kubeipvs.netlink.AttributeWriter.NET_BYTEORDER;

import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetType;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.AttributeReader;
import io.kubeipvs.netlink.AttributeWriter;
import io.kubeipvs.netlink.MalformedMessageException;
import org.jspecify.annotations.Nullable;

/**
 * An entry, inside its {@code IPSET_ATTR_DATA}; each type has the first few of these.
 *
 * <pre>
 *  +------------------------------+-----------+--------+-----------------------+--------+
 *  | IP                           | PORT      | PROTO  | IP2                   | CIDR2  |
 *  | +--------------------------+ | u16be     | u8     | (as IP)               | u8     |
 *  | | IPADDR_IPV4 or _IPV6     | |           |        |                       |        |
 *  | | 4 or 16 bytes            | |           |        |                       |        |
 *  | +--------------------------+ |           |        |                       |        |
 *  +------------------------------+-----------+--------+-----------------------+--------+
 *   hash:ip                       |           |        |                       |
 *   hash:ip,port .................|...........|........|                       |
 *   hash:ip,port,ip ..............|...........|........|.......................|
 *   hash:ip,port,net .............|...........|........|.......................|.........
 *   bitmap:port: PORT only
 * </pre>
 *
 * The kernel adds what the set's extensions hold (timeout, counters, comment); we skip those.
 */
final class EntryCodec {
  private static final int MISSING = -1;

  private @Nullable IpAddress ip;
  private @Nullable IpAddress ip2;
  private int port = MISSING;
  private int protocol = MISSING;
  private int cidr2 = MISSING;
  private boolean noMatch;

  private EntryCodec() {}

  static void encode(AttributeWriter out, SetEntry entry) {
    if (entry instanceof SetEntry.Ip ip) {
      address(out, IPSET_ATTR_IP, ip.address());
    } else if (entry instanceof SetEntry.IpPort e) {
      ipPort(out, e.address(), e.protocol(), e.port());
    } else if (entry instanceof SetEntry.IpPortIp e) {
      ipPort(out, e.address(), e.protocol(), e.port());
      address(out, IPSET_ATTR_IP2, e.second());
    } else if (entry instanceof SetEntry.IpPortNet e) {
      ipPort(out, e.address(), e.protocol(), e.port());
      address(out, IPSET_ATTR_IP2, e.network().network());
      out.u8(IPSET_ATTR_CIDR2, e.network().length());
    } else if (entry instanceof SetEntry.Port e) {
      out.port(IPSET_ATTR_PORT | NET_BYTEORDER, e.port());
    }
  }

  private static void ipPort(AttributeWriter out, IpAddress address, Protocol protocol, int port) {
    address(out, IPSET_ATTR_IP, address);
    out.port(IPSET_ATTR_PORT | NET_BYTEORDER, port).u8(IPSET_ATTR_PROTO, protocol.number());
  }

  private static void address(AttributeWriter out, int type, IpAddress address) {
    int kind =
        address.family() == AddressFamily.IPV4 ? IPSET_ATTR_IPADDR_IPV4 : IPSET_ATTR_IPADDR_IPV6;
    out.nested(type | NESTED, inner -> inner.address(kind | NET_BYTEORDER, address));
  }

  /**
   * The entry of a set of that type.
   *
   * @return null for an exception ({@code nomatch}), which no value of ours can say
   */
  static @Nullable SetEntry decode(SetType type, AttributeReader data)
      throws MalformedMessageException {
    EntryCodec fields = new EntryCodec();
    while (data.next()) {
      fields.read(data);
    }
    return fields.noMatch ? null : fields.toEntry(type);
  }

  private void read(AttributeReader data) throws MalformedMessageException {
    switch (data.type()) {
      case IPSET_ATTR_IP -> ip = readAddress(data.nested());
      case IPSET_ATTR_IP2 -> ip2 = readAddress(data.nested());
      case IPSET_ATTR_PORT -> port = data.port();
      case IPSET_ATTR_PROTO -> protocol = data.u8();
      case IPSET_ATTR_CIDR2 -> cidr2 = data.u8();
      case IPSET_ATTR_CADT_FLAGS -> noMatch = (data.u32be() & IPSET_FLAG_NOMATCH) != 0;
      default -> {}
    }
  }

  private static IpAddress readAddress(AttributeReader nested) throws MalformedMessageException {
    while (nested.next()) {
      int type = nested.type();
      if (type == IPSET_ATTR_IPADDR_IPV4 || type == IPSET_ATTR_IPADDR_IPV6) {
        IpAddress address = nested.address();
        if ((address.family() == AddressFamily.IPV4) == (type == IPSET_ATTR_IPADDR_IPV4)) {
          return address;
        }
      }
    }
    throw new MalformedMessageException("IPSET_ATTR_IP without an address");
  }

  private SetEntry toEntry(SetType type) throws MalformedMessageException {
    return switch (type) {
      case HASH_IP -> new SetEntry.Ip(present(ip, type));
      case HASH_IP_PORT -> new SetEntry.IpPort(present(ip, type), protocol(type), port(type));
      case HASH_IP_PORT_IP ->
          new SetEntry.IpPortIp(present(ip, type), protocol(type), port(type), second(type));
      case HASH_IP_PORT_NET ->
          new SetEntry.IpPortNet(present(ip, type), protocol(type), port(type), network(type));
      case BITMAP_PORT -> new SetEntry.Port(port(type));
    };
  }

  /** The same object where both are equal, as in every entry of a loopback set. */
  private IpAddress second(SetType type) throws MalformedMessageException {
    IpAddress second = present(ip2, type);
    return ip != null && second.equals(ip) ? ip : second;
  }

  private IpPrefix network(SetType type) throws MalformedMessageException {
    IpAddress address = present(ip2, type);
    int length = cidr2 == MISSING ? address.family().bits() : cidr2;
    if (length == 0 || length > address.family().bits()) {
      throw new MalformedMessageException("IPSET_ATTR_CIDR2 " + length + " of " + address);
    }
    return new IpPrefix(address, length);
  }

  private int port(SetType type) throws MalformedMessageException {
    return present(port, "IPSET_ATTR_PORT", type);
  }

  /** One object per protocol: a listing may hold 100,000s of entries. */
  private Protocol protocol(SetType type) throws MalformedMessageException {
    int number = present(protocol, "IPSET_ATTR_PROTO", type);
    return switch (number) {
      case 6 -> Protocol.TCP;
      case 17 -> Protocol.UDP;
      case 132 -> Protocol.SCTP;
      default -> new Protocol(number);
    };
  }

  private static IpAddress present(@Nullable IpAddress address, SetType type)
      throws MalformedMessageException {
    if (address == null) {
      throw new MalformedMessageException("entry of a " + type + " lacks an address");
    }
    return address;
  }

  private static int present(int value, String name, SetType type)
      throws MalformedMessageException {
    if (value == MISSING) {
      throw new MalformedMessageException("entry of a " + type + " lacks " + name);
    }
    return value;
  }
}
