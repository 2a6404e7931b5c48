package io.kubeipvs.netlink.route;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.netlink.AttributeReader;
import io.kubeipvs.netlink.AttributeWriter;
import io.kubeipvs.netlink.MalformedMessageException;
import io.kubeipvs.netlink.NetlinkMessage;
import io.kubeipvs.netlink.NetlinkRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads routes of every kind ({@code linux/rtnetlink.h}); layout: {@link LocalRouteCodec}. */
final class RouteCodec {
  private static final int RTM_GETROUTE = 26;

  private static final int RTA_DST = 1;
  private static final int RTA_OIF = 4;
  private static final int RTA_GATEWAY = 5;
  private static final int RTA_PRIORITY = 6;
  private static final int RTA_PREFSRC = 7;
  private static final int RTA_TABLE = 15;

  /** {@code RTM_F_CLONED}: a copy the kernel keeps of what it looked up. */
  private static final int CLONED = 0x200;

  private static final int HEADER_LENGTH = 12;

  private RouteCodec() {}

  static NetlinkRequest getAll(AddressFamily family) {
    AttributeWriter body = new AttributeWriter().headerU8(family.number());
    for (int i = 1; i < HEADER_LENGTH - 4; i++) {
      body.headerU8(0);
    }
    return NetlinkRequest.of(
        RTM_GETROUTE,
        0,
        body.headerU32(0),
        () -> "ip %s route show table all".formatted(family == AddressFamily.IPV6 ? "-6" : "-4"));
  }

  /** Empty for a route of another family, and for copies. */
  static Optional<Route> decode(NetlinkMessage message, AddressFamily family)
      throws MalformedMessageException {
    if (message.u8(0) != family.number() || (message.s32(8) & CLONED) != 0) {
      return Optional.empty();
    }
    int table = message.u8(4);
    int metric = 0;
    int link = 0;
    IpAddress destination = IpAddress.any(family);
    @Nullable IpAddress source = null;
    @Nullable IpAddress gateway = null;
    AttributeReader attributes = message.attributes(HEADER_LENGTH);
    while (attributes.next()) {
      switch (attributes.type()) {
        case RTA_DST -> destination = attributes.address();
        case RTA_PREFSRC -> source = attributes.address();
        case RTA_GATEWAY -> gateway = attributes.address();
        case RTA_OIF -> link = attributes.u32();
        case RTA_PRIORITY -> metric = attributes.u32();
        case RTA_TABLE -> table = attributes.u32();
        default -> {}
      }
    }
    int length = message.u8(1);
    if (destination.family() != family || length > family.bits()) {
      throw new MalformedMessageException("route to " + destination + "/" + length);
    }
    return Optional.of(
        new Route(
            table,
            new Route.Type(message.u8(7)),
            new IpPrefix(destination, length),
            Optional.ofNullable(gateway),
            Optional.ofNullable(source),
            link,
            metric,
            message.u8(5)));
  }
}
