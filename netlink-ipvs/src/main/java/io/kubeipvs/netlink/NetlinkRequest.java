package io.kubeipvs.netlink;

import java.nio.ByteBuffer;
import java.util.function.Supplier;

/**
 * A message to be sent. The connection adds sequence number, port id, {@link NetlinkFlags#REQUEST}
 * and the acknowledgement it needs.
 *
 * @param body family header and attributes, from position to limit
 * @param description what is asked of what, for errors; only asked for when there is one
 */
public record NetlinkRequest(int type, int flags, ByteBuffer body, Supplier<String> description) {

  public static NetlinkRequest of(
      int type, int flags, AttributeWriter body, Supplier<String> description) {
    return new NetlinkRequest(type, flags, body.toBuffer(), description);
  }

  int length() {
    return NetlinkMessage.HEADER_LENGTH + body.remaining();
  }

  void writeTo(ByteBuffer buffer, int moreFlags, int sequence, int portId) {
    int start = buffer.position();
    buffer
        .putInt(length())
        .putShort((short) type)
        .putShort((short) (flags | NetlinkFlags.REQUEST | moreFlags))
        .putInt(sequence)
        .putInt(portId)
        .put(body.duplicate());
    while (buffer.position() < start + NetlinkMessage.aligned(length())) {
      buffer.put((byte) 0);
    }
  }
}
