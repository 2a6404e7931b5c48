package io.kubeipvs.ipvs.netlink;

import io.kubeipvs.ipvs.ObservedService;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.ServiceFlags;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.AttributeReader;
import io.kubeipvs.netlink.AttributeWriter;
import io.kubeipvs.netlink.MalformedMessageException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The attributes inside {@code IPVS_CMD_ATTR_SERVICE}.
 *
 * <pre>
 *  +----+----------------------------+------------+---------+-------+---------+---------+
 *  | AF | PROTOCOL, ADDR, PORT       | SCHED_NAME | PE_NAME | FLAGS | TIMEOUT | NETMASK |
 *  |    | or FWMARK                  |            |         |       |         |         |
 *  +----+----------------------------+------------+---------+-------+---------+---------+
 *  | the key                         | what an update may change                        |
 * </pre>
 *
 * ADDR has room for both families, so that only AF tells how many of its 16 bytes count. PORT is in
 * network order, as NETMASK is for IPv4, where it is an address; for IPv6 it is a prefix length in
 * native order. FLAGS are two numbers, the bits and a mask of those to change.
 */
final class ServiceCodec {
  // linux/ip_vs.h
  private static final int IPVS_SVC_ATTR_AF = 1;
  private static final int IPVS_SVC_ATTR_PROTOCOL = 2;
  private static final int IPVS_SVC_ATTR_ADDR = 3;
  private static final int IPVS_SVC_ATTR_PORT = 4;
  private static final int IPVS_SVC_ATTR_FWMARK = 5;
  private static final int IPVS_SVC_ATTR_SCHED_NAME = 6;
  private static final int IPVS_SVC_ATTR_FLAGS = 7;
  private static final int IPVS_SVC_ATTR_TIMEOUT = 8;
  private static final int IPVS_SVC_ATTR_NETMASK = 9;
  private static final int IPVS_SVC_ATTR_STATS = 10;
  private static final int IPVS_SVC_ATTR_PE_NAME = 11;
  private static final int IPVS_SVC_ATTR_STATS64 = 12;

  /** {@code union nf_inet_addr}. */
  static final int ADDRESS_LENGTH = 16;

  /** {@code struct ip_vs_flags}: the bits and the mask. */
  private static final int FLAGS_LENGTH = 8;

  private ServiceCodec() {}

  static void encode(VirtualService service, AttributeWriter out) {
    AddressFamily family = service.key().family();
    encodeKey(service.key(), out);
    out.string(IPVS_SVC_ATTR_SCHED_NAME, service.scheduler().name());
    if (!service.persistenceEngine().isEmpty()) {
      out.string(IPVS_SVC_ATTR_PE_NAME, service.persistenceEngine());
    }
    out.bytes(IPVS_SVC_ATTR_FLAGS, flags(service.flags()));
    out.u32(IPVS_SVC_ATTR_TIMEOUT, service.persistenceSeconds());
    if (family == AddressFamily.IPV4) {
      out.u32be(IPVS_SVC_ATTR_NETMASK, service.netmask());
    } else {
      out.u32(IPVS_SVC_ATTR_NETMASK, service.netmask());
    }
  }

  static void encodeKey(ServiceKey key, AttributeWriter out) {
    out.u16(IPVS_SVC_ATTR_AF, key.family().number());
    if (key instanceof ServiceKey.FirewallMark mark) {
      out.u32(IPVS_SVC_ATTR_FWMARK, mark.mark());
      return;
    }
    ServiceKey.Address address = (ServiceKey.Address) key;
    out.u16(IPVS_SVC_ATTR_PROTOCOL, address.protocol().number())
        .address(IPVS_SVC_ATTR_ADDR, address.address(), ADDRESS_LENGTH)
        .port(IPVS_SVC_ATTR_PORT, address.port());
  }

  /** The address in the 16 bytes, or in as many as the family has. */
  static IpAddress address(AddressFamily family, byte[] bytes) throws MalformedMessageException {
    if (bytes.length != ADDRESS_LENGTH && bytes.length != family.addressLength()) {
      throw new MalformedMessageException("%s address of %d bytes".formatted(family, bytes.length));
    }
    return IpAddress.ofBytes(Arrays.copyOf(bytes, family.addressLength()));
  }

  private static byte[] flags(ServiceFlags flags) {
    return ByteBuffer.allocate(FLAGS_LENGTH)
        .order(ByteOrder.nativeOrder())
        .putInt(flags.bits())
        .putInt(-1)
        .array();
  }

  static ObservedService decode(AttributeReader in) throws MalformedMessageException {
    Raw raw = new Raw();
    while (in.next()) {
      raw.take(in);
    }
    return raw.service();
  }

  /** The attributes as they come: what they mean depends on AF, wherever that stands. */
  private static final class Raw {
    private int family;
    private int protocol;
    private byte[] address = new byte[0];
    private int port;
    private int mark;
    private String scheduler = "";
    private String engine = "";
    private ServiceFlags flags = ServiceFlags.NONE;
    private int timeout;
    private byte[] netmask = new byte[4];
    private final RowStatistics statistics = new RowStatistics();

    void take(AttributeReader in) throws MalformedMessageException {
      switch (in.type()) {
        case IPVS_SVC_ATTR_AF -> family = in.u16();
        case IPVS_SVC_ATTR_PROTOCOL -> protocol = in.u16();
        case IPVS_SVC_ATTR_ADDR -> address = in.bytes();
        case IPVS_SVC_ATTR_PORT -> port = in.port();
        case IPVS_SVC_ATTR_FWMARK -> mark = in.u32();
        case IPVS_SVC_ATTR_SCHED_NAME -> scheduler = in.string();
        case IPVS_SVC_ATTR_PE_NAME -> engine = in.string();
        case IPVS_SVC_ATTR_FLAGS -> flags = new ServiceFlags(in.structure(FLAGS_LENGTH).getInt(0));
        case IPVS_SVC_ATTR_TIMEOUT -> timeout = in.u32();
        case IPVS_SVC_ATTR_NETMASK -> {
          in.u32();
          netmask = in.bytes();
        }
        case IPVS_SVC_ATTR_STATS -> statistics.takeNarrow(in);
        case IPVS_SVC_ATTR_STATS64 -> statistics.takeWide(in);
        default -> {}
      }
    }

    ObservedService service() throws MalformedMessageException {
      AddressFamily addressFamily = family(family);
      return new ObservedService(
          new VirtualService(
              key(addressFamily),
              scheduler(scheduler),
              flags,
              timeout,
              netmask(addressFamily),
              engine),
          statistics.value());
    }

    private ServiceKey key(AddressFamily addressFamily) throws MalformedMessageException {
      if (mark != 0) {
        return ServiceKey.ofMark(addressFamily, mark);
      }
      if (protocol > 255) {
        throw new MalformedMessageException("protocol " + protocol);
      }
      return ServiceKey.of(
          new Protocol(protocol), ServiceCodec.address(addressFamily, address), port);
    }

    private int netmask(AddressFamily addressFamily) {
      ByteOrder order =
          addressFamily == AddressFamily.IPV4 ? ByteOrder.BIG_ENDIAN : ByteOrder.nativeOrder();
      return ByteBuffer.wrap(netmask).order(order).getInt();
    }
  }

  static AddressFamily family(int number) throws MalformedMessageException {
    for (AddressFamily family : AddressFamily.values()) {
      if (family.number() == number) {
        return family;
      }
    }
    throw new MalformedMessageException("address family " + number);
  }

  private static Scheduler scheduler(String name) throws MalformedMessageException {
    if (name.length() > Scheduler.LONGEST_NAME) {
      throw new MalformedMessageException("scheduler name of " + name.length() + " characters");
    }
    return new Scheduler(name);
  }
}
