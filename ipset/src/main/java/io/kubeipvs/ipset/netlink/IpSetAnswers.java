package io.kubeipvs.ipset.netlink;

import static io.kubeipvs.ipset.netlink.IpSetNumbers.*;

import io.kubeipvs.netlink.AttributeReader;
import io.kubeipvs.netlink.MalformedMessageException;
import io.kubeipvs.netlink.NetlinkMessage;
import java.util.List;

/** What the kernel answers to the questions asked once: protocol versions and type revisions. */
final class IpSetAnswers {
  /** From the lowest to the highest version or revision. */
  record Range(int lowest, int highest) {
    /** The highest number in both. */
    boolean overlaps(Range other) {
      return lowest <= other.highest && other.lowest <= highest;
    }

    int highestWith(Range other) {
      return Math.min(highest, other.highest);
    }

    @Override
    public String toString() {
      return lowest == highest ? Integer.toString(lowest) : lowest + " to " + highest;
    }
  }

  private IpSetAnswers() {}

  /** Protocol 6 kernels name one version only. */
  static Range protocols(List<NetlinkMessage> answer) throws MalformedMessageException {
    return range(answer, IPSET_CMD_PROTOCOL, IPSET_ATTR_PROTOCOL, IPSET_ATTR_PROTOCOL_MIN);
  }

  static Range revisions(List<NetlinkMessage> answer) throws MalformedMessageException {
    return range(answer, IPSET_CMD_TYPE, IPSET_ATTR_REVISION, IPSET_ATTR_REVISION_MIN);
  }

  private static Range range(
      List<NetlinkMessage> answer, int command, int highestType, int lowestType)
      throws MalformedMessageException {
    int highest = -1;
    int lowest = -1;
    for (NetlinkMessage message : answer) {
      AttributeReader attributes = attributes(message, command);
      while (attributes.next()) {
        if (attributes.type() == highestType) {
          highest = attributes.u8();
        } else if (attributes.type() == lowestType) {
          lowest = attributes.u8();
        }
      }
    }
    if (highest < 0) {
      throw new MalformedMessageException("answer to ipset command " + command + " lacks a number");
    }
    return new Range(lowest < 0 ? highest : lowest, highest);
  }

  /** The attributes of a message that must be of this kind. */
  static AttributeReader attributes(NetlinkMessage message, int command)
      throws MalformedMessageException {
    if (message.type() != IpSetCodec.messageType(command)) {
      throw new MalformedMessageException(
          "message of type %#x answers ipset command %d".formatted(message.type(), command));
    }
    return message.attributes(NFGENMSG_LENGTH);
  }
}
