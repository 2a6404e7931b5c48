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
 * Addresses of links on the wire ({@code struct ifaddrmsg}, {@code linux/if_addr.h}).
 *
 * <pre>
 *  0        1               2       3       4                  8
 *  +--------+---------------+-------+-------+------------------+-----------
 *  | family | prefix length | flags | scope | link index       | attributes
 *  +--------+---------------+-------+-------+------------------+-----------
 * </pre>
 */
final class AddressCodec {
  static final int RTM_NEWADDR = 20;
  static final int RTM_DELADDR = 21;
  private static final int RTM_GETADDR = 22;

  private static final int IFA_ADDRESS = 1;
  private static final int IFA_LOCAL = 2;

  /** No duplicate address detection: usable at once. IPv6 only. */
  private static final int IFA_F_NODAD = 0x02;

  static final int HEADER_LENGTH = 8;

  private AddressCodec() {}

  static NetlinkRequest getAll(AddressFamily family) {
    return NetlinkRequest.of(
        RTM_GETADDR,
        0,
        header(family, 0, 0, 0),
        () -> (family == AddressFamily.IPV6 ? "ip -6" : "ip -4") + " addr show");
  }

  static NetlinkRequest add(LinkAddress address, RouteCommand command) {
    int flags = address.address().family() == AddressFamily.IPV6 ? IFA_F_NODAD : 0;
    return NetlinkRequest.of(
        RTM_NEWADDR,
        NetlinkFlags.CREATE | NetlinkFlags.EXCLUSIVE,
        body(address, flags),
        () -> "ip " + command);
  }

  static NetlinkRequest delete(LinkAddress address, RouteCommand command) {
    return NetlinkRequest.of(RTM_DELADDR, 0, body(address, 0), () -> "ip " + command);
  }

  private static AttributeWriter body(LinkAddress address, int flags) {
    IpAddress value = address.address();
    return header(value.family(), address.prefixLength(), flags, address.linkIndex())
        .address(IFA_LOCAL, value)
        .address(IFA_ADDRESS, value);
  }

  private static AttributeWriter header(AddressFamily family, int length, int flags, int link) {
    return new AttributeWriter()
        .headerU8(family.number())
        .headerU8(length)
        .headerU8(flags)
        .headerU8(0)
        .headerU32(link);
  }

  /** Empty for an address of another family: a kernel without IPv6 dumps all families instead. */
  static Optional<LinkAddress> decode(NetlinkMessage message, AddressFamily family)
      throws MalformedMessageException {
    if (message.u8(0) != family.number()) {
      return Optional.empty();
    }
    IpAddress address = address(message, family);
    int length = message.u8(1);
    if (length > family.bits()) {
      throw new MalformedMessageException("address " + address + " with prefix length " + length);
    }
    return Optional.of(new LinkAddress(message.s32(4), address, length));
  }

  /**
   * The local address. On a point-to-point link {@code IFA_ADDRESS} is the peer's; without a peer
   * IPv6 sends only that one.
   */
  private static IpAddress address(NetlinkMessage message, AddressFamily family)
      throws MalformedMessageException {
    @Nullable IpAddress local = null;
    @Nullable IpAddress peer = null;
    AttributeReader attributes = message.attributes(HEADER_LENGTH);
    while (attributes.next()) {
      switch (attributes.type()) {
        case IFA_LOCAL -> local = attributes.address();
        case IFA_ADDRESS -> peer = attributes.address();
        default -> {}
      }
    }
    IpAddress address = local != null ? local : peer;
    if (address == null || address.family() != family) {
      throw new MalformedMessageException("address message without an address of its family");
    }
    return address;
  }

  /** The link that a message tells of; it has at least the header. */
  static int linkIndex(NetlinkMessage message) {
    return message.body().getInt(4);
  }
}
