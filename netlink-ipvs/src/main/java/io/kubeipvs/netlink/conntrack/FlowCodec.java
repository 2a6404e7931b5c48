package io.kubeipvs.netlink.conntrack;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.AttributeReader;
import io.kubeipvs.netlink.AttributeWriter;
import io.kubeipvs.netlink.MalformedMessageException;
import io.kubeipvs.netlink.NetlinkMessage;
import io.kubeipvs.netlink.NetlinkRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Flows on the wire ({@code struct nfgenmsg}, {@code linux/netfilter/nfnetlink.h}; {@code
 * linux/netfilter/nfnetlink_conntrack.h}).
 *
 * <pre>
 *  0        1         2                        4
 *  +--------+---------+------------------------+-----------
 *  | family | version | resource (network)     | attributes
 *  +--------+---------+------------------------+-----------
 * </pre>
 */
final class FlowCodec {
  static final int SUBSYSTEM = 1 << 8; // NFNL_SUBSYS_CTNETLINK
  private static final int IPCTNL_MSG_CT_GET = SUBSYSTEM | 1;
  private static final int IPCTNL_MSG_CT_DELETE = SUBSYSTEM | 2;
  private static final int IPCTNL_MSG_CT_GET_STATS = SUBSYSTEM | 5;

  private static final int CTA_TUPLE_ORIG = 1;
  private static final int CTA_TUPLE_REPLY = 2;
  private static final int CTA_MARK = 8;
  private static final int CTA_ID = 12;
  private static final int CTA_ZONE = 18;
  private static final int CTA_FILTER = 25;

  private static final int CTA_FILTER_ORIG_FLAGS = 1;
  private static final int CTA_FILTER_REPLY_FLAGS = 2;

  /** Compare {@code CTA_PROTO_NUM} ({@code net/netfilter/nf_internals.h} of the kernel). */
  private static final int CTA_FILTER_F_CTA_PROTO_NUM = 1 << 3;

  private static final int CTA_TUPLE_IP = 1;
  private static final int CTA_TUPLE_PROTO = 2;

  private static final int CTA_IP_V4_SRC = 1;
  private static final int CTA_IP_V4_DST = 2;
  private static final int CTA_IP_V6_SRC = 3;
  private static final int CTA_IP_V6_DST = 4;

  private static final int CTA_PROTO_NUM = 1;
  private static final int CTA_PROTO_SRC_PORT = 2;
  private static final int CTA_PROTO_DST_PORT = 3;

  private static final int HEADER_LENGTH = 4;

  private FlowCodec() {}

  /** The cheapest question that only ctnetlink answers. */
  static NetlinkRequest statistics() {
    return NetlinkRequest.of(
        IPCTNL_MSG_CT_GET_STATS, 0, header(AddressFamily.IPV4), () -> "conntrack -C");
  }

  static NetlinkRequest getAll(AddressFamily family) {
    return NetlinkRequest.of(
        IPCTNL_MSG_CT_GET, 0, header(family), () -> "conntrack -L -f " + family(family));
  }

  /** Kernels since 5.8 leave out other protocols; older ones do not know the filter. */
  static NetlinkRequest getAll(AddressFamily family, Protocol protocol) {
    AttributeWriter body =
        header(family)
            .nested(
                CTA_TUPLE_ORIG | AttributeWriter.NESTED,
                tuple ->
                    tuple.nested(
                        CTA_TUPLE_PROTO | AttributeWriter.NESTED,
                        proto -> proto.u8(CTA_PROTO_NUM, protocol.number())))
            .nested(
                CTA_FILTER | AttributeWriter.NESTED,
                filter ->
                    filter
                        .u32(CTA_FILTER_ORIG_FLAGS, CTA_FILTER_F_CTA_PROTO_NUM)
                        .u32(CTA_FILTER_REPLY_FLAGS, 0));
    return NetlinkRequest.of(
        IPCTNL_MSG_CT_GET,
        0,
        body,
        () -> "conntrack -L -f " + family(family) + " -p " + protocol.lowerCaseName());
  }

  /**
   * Deletes the very flow that a message tells of. Its id goes with the tuple, so that a new flow
   * that took its place is not hit; tuple and zone go back as they came.
   */
  static NetlinkRequest delete(NetlinkMessage message, Flow flow) throws MalformedMessageException {
    AttributeWriter body = header(flow.family());
    AttributeReader attributes = message.attributes(HEADER_LENGTH);
    while (attributes.next()) {
      switch (attributes.type()) {
        case CTA_TUPLE_ORIG ->
            body.bytes(CTA_TUPLE_ORIG | AttributeWriter.NESTED, attributes.bytes());
        case CTA_ZONE, CTA_ID -> body.bytes(attributes.type(), attributes.bytes());
        default -> {}
      }
    }
    return NetlinkRequest.of(IPCTNL_MSG_CT_DELETE, 0, body, () -> "conntrack -D " + flow);
  }

  private static AttributeWriter header(AddressFamily family) {
    return new AttributeWriter().headerU8(family.number()).headerU8(0).headerU16be(0);
  }

  private static String family(AddressFamily family) {
    return family == AddressFamily.IPV6 ? "ipv6" : "ipv4";
  }

  /** Empty for a flow of another family: without its tracker the kernel dumps every family. */
  static Optional<Flow> decode(NetlinkMessage message, AddressFamily family)
      throws MalformedMessageException {
    if (message.u8(0) != family.number()) {
      return Optional.empty();
    }
    @Nullable Direction original = null;
    @Nullable Direction reply = null;
    int zone = 0;
    int mark = 0;
    AttributeReader attributes = message.attributes(HEADER_LENGTH);
    while (attributes.next()) {
      switch (attributes.type()) {
        case CTA_TUPLE_ORIG -> original = direction(attributes.nested());
        case CTA_TUPLE_REPLY -> reply = direction(attributes.nested());
        case CTA_ZONE -> zone = attributes.u16be();
        case CTA_MARK -> mark = attributes.u32be();
        default -> {}
      }
    }
    if (original == null || reply == null || original.tuple.destination().family() != family) {
      throw new MalformedMessageException("flow without both directions of its family");
    }
    return Optional.of(new Flow(original.protocol, original.tuple, reply.tuple, zone, mark));
  }

  private record Direction(Protocol protocol, FlowTuple tuple) {}

  private static Direction direction(AttributeReader tuple) throws MalformedMessageException {
    @Nullable Addresses addresses = null;
    Ports ports = new Ports(new Protocol(0), 0, 0);
    while (tuple.next()) {
      switch (tuple.type()) {
        case CTA_TUPLE_IP -> addresses = addresses(tuple.nested());
        case CTA_TUPLE_PROTO -> ports = ports(tuple.nested());
        default -> {}
      }
    }
    if (addresses == null) {
      throw new MalformedMessageException("flow without addresses");
    }
    return new Direction(
        ports.protocol,
        new FlowTuple(addresses.source, ports.source, addresses.destination, ports.destination));
  }

  private record Addresses(IpAddress source, IpAddress destination) {}

  private static Addresses addresses(AttributeReader ip) throws MalformedMessageException {
    @Nullable IpAddress source = null;
    @Nullable IpAddress destination = null;
    while (ip.next()) {
      switch (ip.type()) {
        case CTA_IP_V4_SRC, CTA_IP_V6_SRC -> source = ip.address();
        case CTA_IP_V4_DST, CTA_IP_V6_DST -> destination = ip.address();
        default -> {}
      }
    }
    if (source == null || destination == null || source.family() != destination.family()) {
      throw new MalformedMessageException("flow without two addresses of one family");
    }
    return new Addresses(source, destination);
  }

  private record Ports(Protocol protocol, int source, int destination) {}

  private static Ports ports(AttributeReader proto) throws MalformedMessageException {
    int protocol = 0;
    int source = 0;
    int destination = 0;
    while (proto.next()) {
      switch (proto.type()) {
        case CTA_PROTO_NUM -> protocol = proto.u8();
        case CTA_PROTO_SRC_PORT -> source = proto.port();
        case CTA_PROTO_DST_PORT -> destination = proto.port();
        default -> {}
      }
    }
    return new Ports(new Protocol(protocol), source, destination);
  }
}
