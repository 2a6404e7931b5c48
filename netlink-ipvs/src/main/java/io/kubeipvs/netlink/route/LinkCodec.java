package io.kubeipvs.netlink.route;

import io.kubeipvs.netlink.AttributeReader;
import io.kubeipvs.netlink.AttributeWriter;
import io.kubeipvs.netlink.MalformedMessageException;
import io.kubeipvs.netlink.NetlinkFlags;
import io.kubeipvs.netlink.NetlinkMessage;
import io.kubeipvs.netlink.NetlinkRequest;

/**
 * Links on the wire ({@code struct ifinfomsg}, {@code linux/rtnetlink.h}, {@code linux/if_link.h}).
 *
 * <pre>
 *  0        1         2                 4             8             12            16
 *  +--------+---------+-----------------+-------------+-------------+-------------+-----------
 *  | family | padding | hardware type   | index       | flags       | change mask | attributes
 *  +--------+---------+-----------------+-------------+-------------+-------------+-----------
 * </pre>
 */
final class LinkCodec {
  static final int RTM_NEWLINK = 16;
  private static final int RTM_DELLINK = 17;
  private static final int RTM_GETLINK = 18;

  private static final int IFLA_IFNAME = 3;
  private static final int IFLA_LINKINFO = 18;
  private static final int IFLA_INFO_KIND = 1;
  private static final int IFLA_EXT_MASK = 29;
  private static final int RTEXT_FILTER_SKIP_STATS = 1 << 3;

  private static final int IFF_UP = 1;
  private static final int HEADER_LENGTH = 16;

  private LinkCodec() {}

  static NetlinkRequest getAll() {
    AttributeWriter body = header(0).u32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
    return NetlinkRequest.of(RTM_GETLINK, 0, body, () -> "ip link show");
  }

  static NetlinkRequest get(String name) {
    AttributeWriter body =
        header(0).string(IFLA_IFNAME, name).u32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
    return NetlinkRequest.of(RTM_GETLINK, 0, body, () -> "ip link show dev " + name);
  }

  static NetlinkRequest addDummy(String name) {
    AttributeWriter body =
        header(0)
            .string(IFLA_IFNAME, name)
            .nested(IFLA_LINKINFO, info -> info.string(IFLA_INFO_KIND, "dummy"));
    return NetlinkRequest.of(
        RTM_NEWLINK,
        NetlinkFlags.CREATE | NetlinkFlags.EXCLUSIVE,
        body,
        () -> "ip link add " + name + " type dummy");
  }

  static NetlinkRequest delete(Link link) {
    return NetlinkRequest.of(
        RTM_DELLINK, 0, header(link.index()), () -> "ip link del " + link.name());
  }

  private static AttributeWriter header(int index) {
    return new AttributeWriter().headerU32(0).headerU32(index).headerU32(0).headerU32(0);
  }

  static Link decode(NetlinkMessage message) throws MalformedMessageException {
    String name = "";
    String kind = "";
    AttributeReader attributes = message.attributes(HEADER_LENGTH);
    while (attributes.next()) {
      switch (attributes.type()) {
        case IFLA_IFNAME -> name = attributes.string();
        case IFLA_LINKINFO -> kind = kind(attributes.nested());
        default -> {}
      }
    }
    return new Link(message.s32(4), name, kind, (message.s32(8) & IFF_UP) != 0);
  }

  private static String kind(AttributeReader info) throws MalformedMessageException {
    while (info.next()) {
      if (info.type() == IFLA_INFO_KIND) {
        return info.string();
      }
    }
    return "";
  }
}
