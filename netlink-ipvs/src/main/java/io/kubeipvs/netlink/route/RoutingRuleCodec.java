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

/**
 * Reads routing rules ({@code struct fib_rule_hdr}, {@code linux/fib_rules.h}).
 *
 * <pre>
 *  0        1         2         3     4       5      6      7        8          12
 *  +--------+---------+---------+-----+-------+------+------+--------+----------+-----------
 *  | family | dst len | src len | TOS | table | 0    | 0    | action | flags    | attributes
 *  +--------+---------+---------+-----+-------+------+------+--------+----------+-----------
 * </pre>
 */
final class RoutingRuleCodec {
  private static final int RTM_GETRULE = 34;

  private static final int FRA_DST = 1;
  private static final int FRA_SRC = 2;
  private static final int FRA_IIFNAME = 3;
  private static final int FRA_PRIORITY = 6;
  private static final int FRA_FWMARK = 10;
  private static final int FRA_SUPPRESS_IFGROUP = 13;
  private static final int FRA_SUPPRESS_PREFIXLEN = 14;
  private static final int FRA_TABLE = 15;
  private static final int FRA_FWMASK = 16;
  private static final int FRA_OIFNAME = 17;
  private static final int FRA_PAD = 18;
  private static final int FRA_PROTOCOL = 21;

  private static final int FR_ACT_TO_TBL = 1;
  private static final int FIB_RULE_INVERT = 2;
  private static final int NOT_SUPPRESSED = -1;
  private static final int HEADER_LENGTH = 12;

  private RoutingRuleCodec() {}

  static NetlinkRequest getAll(AddressFamily family) {
    AttributeWriter body = new AttributeWriter().headerU8(family.number());
    for (int i = 1; i < HEADER_LENGTH - 4; i++) {
      body.headerU8(0);
    }
    return NetlinkRequest.of(
        RTM_GETRULE,
        0,
        body.headerU32(0),
        () -> "ip %s rule show".formatted(family == AddressFamily.IPV6 ? "-6" : "-4"));
  }

  /** Empty for a rule of another family: what knows no rules answers with those of all that do. */
  static Optional<RoutingRule> decode(NetlinkMessage message, AddressFamily family)
      throws MalformedMessageException {
    if (message.u8(0) != family.number()) {
      return Optional.empty();
    }
    int priority = 0;
    int table = message.u8(4);
    int mark = 0;
    int mask = 0;
    String in = "";
    String out = "";
    boolean others = message.u8(3) != 0 || message.u8(7) != FR_ACT_TO_TBL;
    @Nullable IpAddress source = null;
    @Nullable IpAddress destination = null;
    AttributeReader attributes = message.attributes(HEADER_LENGTH);
    while (attributes.next()) {
      switch (attributes.type()) {
        case FRA_PRIORITY -> priority = attributes.u32();
        case FRA_TABLE -> table = attributes.u32();
        case FRA_FWMARK -> mark = attributes.u32();
        case FRA_FWMASK -> mask = attributes.u32();
        case FRA_IIFNAME -> in = attributes.string();
        case FRA_OIFNAME -> out = attributes.string();
        case FRA_SRC -> source = attributes.address();
        case FRA_DST -> destination = attributes.address();
        case FRA_SUPPRESS_PREFIXLEN, FRA_SUPPRESS_IFGROUP ->
            others |= attributes.u32() != NOT_SUPPRESSED;
        case FRA_PAD, FRA_PROTOCOL -> {}
        default -> others = true;
      }
    }
    return Optional.of(
        new RoutingRule(
            priority,
            prefix(source, message.u8(2)),
            prefix(destination, message.u8(1)),
            in,
            out,
            mark,
            mask,
            table,
            (message.s32(8) & FIB_RULE_INVERT) != 0,
            others));
  }

  private static Optional<IpPrefix> prefix(@Nullable IpAddress address, int length)
      throws MalformedMessageException {
    if (address == null) {
      return Optional.empty();
    }
    if (length > address.family().bits()) {
      throw new MalformedMessageException("rule for " + address + "/" + length);
    }
    return Optional.of(new IpPrefix(address, length));
  }
}
