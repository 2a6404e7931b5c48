package io.kubeipvs.ipvs.netlink;

import io.kubeipvs.ipvs.ForwardingMethod;
import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.ipvs.Tunnel;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.AttributeReader;
import io.kubeipvs.netlink.AttributeWriter;
import io.kubeipvs.netlink.MalformedMessageException;

/**
 * The attributes inside {@code IPVS_CMD_ATTR_DEST}.
 *
 * <pre>
 *  +-------------------------+------------+--------+----------------------+----------+----------+
 *  | ADDR_FAMILY, ADDR, PORT | FWD_METHOD | WEIGHT | TUN_TYPE, _PORT,     | U_THRESH | L_THRESH |
 *  |                         |            |        | _FLAGS               |          |          |
 *  +-------------------------+------------+--------+----------------------+----------+----------+
 *  | the key                 | what an update may change                                        |
 * </pre>
 *
 * ADDR as in {@link ServiceCodec}; PORT and TUN_PORT are in network order. Kernels before 3.18 have
 * no ADDR_FAMILY: their servers are of the service's family. A dump adds connections and
 * statistics.
 */
final class ServerCodec {
  // linux/ip_vs.h
  private static final int IPVS_DEST_ATTR_ADDR = 1;
  private static final int IPVS_DEST_ATTR_PORT = 2;
  private static final int IPVS_DEST_ATTR_FWD_METHOD = 3;
  private static final int IPVS_DEST_ATTR_WEIGHT = 4;
  private static final int IPVS_DEST_ATTR_U_THRESH = 5;
  private static final int IPVS_DEST_ATTR_L_THRESH = 6;
  private static final int IPVS_DEST_ATTR_ACTIVE_CONNS = 7;
  private static final int IPVS_DEST_ATTR_INACT_CONNS = 8;
  private static final int IPVS_DEST_ATTR_PERSIST_CONNS = 9;
  private static final int IPVS_DEST_ATTR_STATS = 10;
  private static final int IPVS_DEST_ATTR_ADDR_FAMILY = 11;
  private static final int IPVS_DEST_ATTR_STATS64 = 12;
  private static final int IPVS_DEST_ATTR_TUN_TYPE = 13;
  private static final int IPVS_DEST_ATTR_TUN_PORT = 14;
  private static final int IPVS_DEST_ATTR_TUN_FLAGS = 15;

  private ServerCodec() {}

  static void encode(RealServer server, AttributeWriter out) {
    Tunnel tunnel = server.tunnel();
    encodeKey(server.key(), out);
    out.u32(IPVS_DEST_ATTR_FWD_METHOD, server.method().number())
        .u32(IPVS_DEST_ATTR_WEIGHT, server.weight())
        .u8(IPVS_DEST_ATTR_TUN_TYPE, tunnel.type())
        .port(IPVS_DEST_ATTR_TUN_PORT, tunnel.port())
        .u16(IPVS_DEST_ATTR_TUN_FLAGS, tunnel.flags())
        .u32(IPVS_DEST_ATTR_U_THRESH, server.upperThreshold())
        .u32(IPVS_DEST_ATTR_L_THRESH, server.lowerThreshold());
  }

  static void encodeKey(ServerKey key, AttributeWriter out) {
    out.u16(IPVS_DEST_ATTR_ADDR_FAMILY, key.address().family().number())
        .address(IPVS_DEST_ATTR_ADDR, key.address(), ServiceCodec.ADDRESS_LENGTH)
        .port(IPVS_DEST_ATTR_PORT, key.port());
  }

  static ObservedServer decode(AddressFamily serviceFamily, AttributeReader in)
      throws MalformedMessageException {
    Raw raw = new Raw(serviceFamily);
    while (in.next()) {
      raw.take(in);
    }
    return raw.server();
  }

  private static final class Raw {
    private AddressFamily family;
    private byte[] address = new byte[0];
    private int port;
    private int method;
    private int weight;
    private int upperThreshold;
    private int lowerThreshold;
    private int active;
    private int inactive;
    private int persistent;
    private int tunnelType;
    private int tunnelPort;
    private int tunnelFlags;
    private final RowStatistics statistics = new RowStatistics();

    Raw(AddressFamily serviceFamily) {
      this.family = serviceFamily;
    }

    void take(AttributeReader in) throws MalformedMessageException {
      switch (in.type()) {
        case IPVS_DEST_ATTR_ADDR -> address = in.bytes();
        case IPVS_DEST_ATTR_PORT -> port = in.port();
        case IPVS_DEST_ATTR_FWD_METHOD -> method = in.u32();
        case IPVS_DEST_ATTR_WEIGHT -> weight = in.u32();
        case IPVS_DEST_ATTR_U_THRESH -> upperThreshold = in.u32();
        case IPVS_DEST_ATTR_L_THRESH -> lowerThreshold = in.u32();
        case IPVS_DEST_ATTR_ACTIVE_CONNS -> active = in.u32();
        case IPVS_DEST_ATTR_INACT_CONNS -> inactive = in.u32();
        case IPVS_DEST_ATTR_PERSIST_CONNS -> persistent = in.u32();
        case IPVS_DEST_ATTR_ADDR_FAMILY -> family = ServiceCodec.family(in.u16());
        case IPVS_DEST_ATTR_TUN_TYPE -> tunnelType = in.u8();
        case IPVS_DEST_ATTR_TUN_PORT -> tunnelPort = in.port();
        case IPVS_DEST_ATTR_TUN_FLAGS -> tunnelFlags = in.u16();
        case IPVS_DEST_ATTR_STATS -> statistics.takeNarrow(in);
        case IPVS_DEST_ATTR_STATS64 -> statistics.takeWide(in);
        default -> {}
      }
    }

    ObservedServer server() throws MalformedMessageException {
      RealServer server =
          new RealServer(
              new ServerKey(ServiceCodec.address(family, address), port),
              ForwardingMethod.of(method & ForwardingMethod.MASK),
              weight,
              upperThreshold,
              lowerThreshold,
              Tunnel.of(tunnelType, tunnelPort, tunnelFlags));
      return new ObservedServer(server, active, inactive, persistent, statistics.value());
    }
  }
}
