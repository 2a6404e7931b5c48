package io.kubeipvs.netlink;

/**
 * The end of an exchange, good or bad: {@code NLMSG_ERROR} or {@code NLMSG_DONE}.
 *
 * <pre>
 *  0                     4                          20
 *  +---------------------+--------------------------+------------------+------------------------
 *  | -errno, 0: success  | header of the request    | rest of request  | extended acknowledgement
 *  +---------------------+--------------------------+------------------+------------------------
 * </pre>
 *
 * The rest of the request is left out where the flags say "capped". A {@code NLMSG_DONE} has the
 * number only, and the extended acknowledgement right behind it ({@code struct nlmsgerr}, {@code
 * linux/netlink.h}).
 */
record Answer(Errno errno, String kernelMessage) {
  /** {@code NLMSGERR_ATTR_MSG}. */
  private static final int MESSAGE = 1;

  static Answer of(NetlinkMessage message) throws MalformedMessageException {
    // Some families end a dump with an empty NLMSG_DONE: success.
    if (message.type() == NetlinkFlags.TYPE_DONE && message.body().limit() < 4) {
      return new Answer(new Errno(0), "");
    }
    int error = message.s32(0);
    if (error > 0) {
      throw new MalformedMessageException("answer with the positive error number " + error);
    }
    return new Answer(new Errno(-error), extendedAcknowledgement(message));
  }

  private static String extendedAcknowledgement(NetlinkMessage message)
      throws MalformedMessageException {
    if ((message.flags() & NetlinkFlags.ACK_ATTRIBUTES) == 0) {
      return "";
    }
    AttributeReader attributes = message.attributes(attributesOffset(message));
    while (attributes.next()) {
      if (attributes.type() == MESSAGE) {
        return attributes.string();
      }
    }
    return "";
  }

  private static int attributesOffset(NetlinkMessage message) throws MalformedMessageException {
    if (message.type() == NetlinkFlags.TYPE_DONE) {
      return 4;
    }
    boolean capped = (message.flags() & NetlinkFlags.CAPPED) != 0;
    int request = capped ? NetlinkMessage.HEADER_LENGTH : message.s32(4);
    if (request < NetlinkMessage.HEADER_LENGTH || request > message.body().limit()) {
      throw new MalformedMessageException("answer to a request of " + request + " bytes");
    }
    return 4 + NetlinkMessage.aligned(request);
  }

  boolean isRefusal() {
    return errno.value() != 0;
  }

  NetlinkException toException(NetlinkRequest request) {
    return new NetlinkException(request.description().get(), errno, kernelMessage);
  }
}
