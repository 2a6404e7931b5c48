package io.kubeipvs.netlink.generic;

import io.kubeipvs.netlink.AttributeReader;
import io.kubeipvs.netlink.AttributeWriter;
import io.kubeipvs.netlink.MalformedMessageException;
import io.kubeipvs.netlink.NetlinkMessage;
import io.kubeipvs.netlink.NetlinkRequest;

/**
 * A family as the controller describes it.
 *
 * @param id the message type of its requests and answers; given out when the module is loaded
 * @param version of its interface
 * @param headerLength bytes of the family's own header behind the generic one
 */
public record GenericFamily(String name, int id, int version, int headerLength) {
  // linux/genetlink.h
  private static final int GENL_ID_CTRL = 0x10;
  private static final int CTRL_CMD_GETFAMILY = 3;
  private static final int CTRL_ATTR_FAMILY_ID = 1;
  private static final int CTRL_ATTR_FAMILY_NAME = 2;
  private static final int CTRL_ATTR_VERSION = 3;
  private static final int CTRL_ATTR_HDRSIZE = 4;

  /** The controller's own version, which it does not look at. */
  private static final int CONTROLLER_VERSION = 1;

  static NetlinkRequest question(String name) {
    AttributeWriter body =
        GenericNetlink.message(CTRL_CMD_GETFAMILY, CONTROLLER_VERSION)
            .string(CTRL_ATTR_FAMILY_NAME, name);
    return NetlinkRequest.of(GENL_ID_CTRL, 0, body, () -> "generic netlink GETFAMILY " + name);
  }

  static GenericFamily decode(NetlinkMessage message) throws MalformedMessageException {
    AttributeReader attributes = message.attributes(GenericNetlink.HEADER_LENGTH);
    String name = "";
    int id = 0;
    int version = 0;
    int headerLength = 0;
    while (attributes.next()) {
      switch (attributes.type()) {
        case CTRL_ATTR_FAMILY_ID -> id = attributes.u16();
        case CTRL_ATTR_FAMILY_NAME -> name = attributes.string();
        case CTRL_ATTR_VERSION -> version = attributes.u32();
        case CTRL_ATTR_HDRSIZE -> headerLength = attributes.u32();
        default -> {}
      }
    }
    if (id < GENL_ID_CTRL) {
      throw new MalformedMessageException("family '" + name + "' with the id " + id);
    }
    return new GenericFamily(name, id, version, headerLength);
  }
}
