package io.kubeipvs.netlink.route;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.AttributeReader;
import io.kubeipvs.netlink.AttributeWriter;
import io.kubeipvs.netlink.MalformedMessageException;
import io.kubeipvs.netlink.NetlinkFlags;
import io.kubeipvs.netlink.NetlinkMessage;
import io.kubeipvs.netlink.NetlinkRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Local host routes on the wire ({@code struct rtmsg}, {@code linux/rtnetlink.h}).
 *
 * <pre>
 *  0        1         2         3     4       5          6       7      8          12
 *  +--------+---------+---------+-----+-------+----------+-------+------+----------+-----------
 *  | family | dst len | src len | TOS | table | protocol | scope | type | flags    | attributes
 *  +--------+---------+---------+-----+-------+----------+-------+------+----------+-----------
 * </pre>
 */
final class LocalRouteCodec {
  private static final int RTM_NEWROUTE = 24;
  private static final int RTM_DELROUTE = 25;
  private static final int RTM_GETROUTE = 26;

  private static final int RTA_DST = 1;
  private static final int RTA_OIF = 4;
  private static final int RTA_PRIORITY = 6;
  private static final int RTA_PREFSRC = 7;
  private static final int RTA_TABLE = 15;

  private static final int RT_TABLE_LOCAL = 255;
  private static final int RT_SCOPE_UNIVERSE = 0;
  private static final int RT_SCOPE_HOST = 254;
  private static final int RTN_LOCAL = 2;

  /** {@code lo} is the first link of every network namespace ({@code LOOPBACK_IFINDEX}). */
  private static final int LOOPBACK_INDEX = 1;

  private static final int HEADER_LENGTH = 12;

  private LocalRouteCodec() {}

  /** Kernels since 4.20 filter by what the header says; older ones dump everything. */
  static NetlinkRequest getAll(AddressFamily family, int protocol) {
    AttributeWriter body = header(family, 0, protocol, RT_SCOPE_UNIVERSE);
    return NetlinkRequest.of(
        RTM_GETROUTE,
        0,
        body,
        () ->
            "ip %s route show type local table local proto %d"
                .formatted(family == AddressFamily.IPV6 ? "-6" : "-4", protocol));
  }

  static NetlinkRequest add(LocalRoute route, RouteCommand command) {
    AttributeWriter body = key(route);
    route.source().ifPresent(source -> body.address(RTA_PREFSRC, source));
    return NetlinkRequest.of(
        RTM_NEWROUTE,
        NetlinkFlags.CREATE | NetlinkFlags.REPLACE,
        body.u32(RTA_OIF, LOOPBACK_INDEX),
        () -> "ip " + command);
  }

  static NetlinkRequest delete(LocalRoute route, RouteCommand command) {
    AttributeWriter body = key(route).u32(RTA_OIF, LOOPBACK_INDEX);
    return NetlinkRequest.of(RTM_DELROUTE, 0, body, () -> "ip " + command);
  }

  private static AttributeWriter key(LocalRoute route) {
    IpAddress destination = route.destination();
    AddressFamily family = destination.family();
    // IPv6 has no scopes. IPv4 compares it: a local route of another scope is another route.
    int scope = family == AddressFamily.IPV6 ? RT_SCOPE_UNIVERSE : RT_SCOPE_HOST;
    return header(family, family.bits(), route.protocol(), scope)
        .address(RTA_DST, destination)
        .u32(RTA_PRIORITY, route.metric());
  }

  private static AttributeWriter header(AddressFamily family, int length, int protocol, int scope) {
    return new AttributeWriter()
        .headerU8(family.number())
        .headerU8(length)
        .headerU8(0)
        .headerU8(0)
        .headerU8(RT_TABLE_LOCAL)
        .headerU8(protocol)
        .headerU8(scope)
        .headerU8(RTN_LOCAL)
        .headerU32(0);
  }

  /** Empty for a route that is not a local host route of that family and protocol. */
  static Optional<LocalRoute> decode(NetlinkMessage message, AddressFamily family, int protocol)
      throws MalformedMessageException {
    boolean wanted =
        message.u8(0) == family.number()
            && message.u8(1) == family.bits()
            && message.u8(5) == protocol
            && message.u8(7) == RTN_LOCAL;
    return wanted ? decodeWanted(message, family, protocol) : Optional.empty();
  }

  private static Optional<LocalRoute> decodeWanted(
      NetlinkMessage message, AddressFamily family, int protocol) throws MalformedMessageException {
    int table = message.u8(4);
    int metric = 0;
    @Nullable IpAddress destination = null;
    @Nullable IpAddress source = null;
    AttributeReader attributes = message.attributes(HEADER_LENGTH);
    while (attributes.next()) {
      switch (attributes.type()) {
        case RTA_DST -> destination = attributes.address();
        case RTA_PREFSRC -> source = attributes.address();
        case RTA_PRIORITY -> metric = attributes.u32();
        case RTA_TABLE -> table = attributes.u32();
        default -> {}
      }
    }
    if (table != RT_TABLE_LOCAL || metric != LocalRoute.metric(protocol)) {
      return Optional.empty();
    }
    if (destination == null || destination.family() != family) {
      throw new MalformedMessageException("host route without a destination of its family");
    }
    if (source != null && source.family() != family) {
      throw new MalformedMessageException("source " + source + " of a route to " + destination);
    }
    return Optional.of(new LocalRoute(destination, Optional.ofNullable(source), protocol));
  }
}
