package io.kubeipvs.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A received message: the fields of its header and the bytes behind it.
 *
 * <pre>
 *  0                       4           6           8                  12                 16
 *  +-----------------------+-----------+-----------+------------------+------------------+------
 *  | length, with header   | type      | flags     | sequence number  | port id          | body
 *  +-----------------------+-----------+-----------+------------------+------------------+------
 * </pre>
 *
 * All numbers are in native order; the next message starts at a multiple of 4 ({@code struct
 * nlmsghdr}, {@code linux/netlink.h}).
 *
 * @param body read-only and in native order; its position is 0 and nothing moves it
 */
public record NetlinkMessage(int type, int flags, int sequence, int portId, ByteBuffer body) {
  public static final int HEADER_LENGTH = 16;
  static final int ALIGNMENT = 4;

  public NetlinkMessage {
    body = body.slice().asReadOnlyBuffer().order(ByteOrder.nativeOrder());
  }

  /** The body from that offset on, behind the header of the family. */
  public AttributeReader attributes(int familyHeaderLength) throws MalformedMessageException {
    if (familyHeaderLength > body.limit()) {
      throw new MalformedMessageException(
          "message of type %d has %d bytes, its family's header takes %d"
              .formatted(type, body.limit(), familyHeaderLength));
    }
    return new AttributeReader(body.slice(familyHeaderLength, body.limit() - familyHeaderLength));
  }

  /** The byte at that offset of the body, unsigned. */
  public int u8(int offset) throws MalformedMessageException {
    return Byte.toUnsignedInt(body.get(checked(offset, 1)));
  }

  /** The 16 bits at that offset of the body, native order, unsigned. */
  public int u16(int offset) throws MalformedMessageException {
    return Short.toUnsignedInt(body.getShort(checked(offset, 2)));
  }

  /** The 32 bits at that offset of the body, native order. */
  public int s32(int offset) throws MalformedMessageException {
    return body.getInt(checked(offset, 4));
  }

  private int checked(int offset, int bytes) throws MalformedMessageException {
    if (offset + bytes > body.limit()) {
      throw new MalformedMessageException(
          "message of type %d has %d bytes, wanted %d at %d"
              .formatted(type, body.limit(), bytes, offset));
    }
    return offset;
  }

  /** All messages of one datagram. */
  static List<NetlinkMessage> parse(ByteBuffer datagram) throws MalformedMessageException {
    ByteBuffer buffer = datagram.slice().order(ByteOrder.nativeOrder());
    List<NetlinkMessage> messages = new ArrayList<>();
    int start = 0;
    while (buffer.limit() - start >= HEADER_LENGTH) {
      int length = buffer.getInt(start);
      if (length < HEADER_LENGTH || length > buffer.limit() - start) {
        throw new MalformedMessageException(
            "message at %d claims %d bytes of %d".formatted(start, length, buffer.limit() - start));
      }
      messages.add(
          new NetlinkMessage(
              Short.toUnsignedInt(buffer.getShort(start + 4)),
              Short.toUnsignedInt(buffer.getShort(start + 6)),
              buffer.getInt(start + 8),
              buffer.getInt(start + 12),
              buffer.slice(start + HEADER_LENGTH, length - HEADER_LENGTH)));
      start += aligned(length);
    }
    if (start < buffer.limit()) {
      throw new MalformedMessageException(
          "%d bytes behind the last message".formatted(buffer.limit() - start));
    }
    return messages;
  }

  static int aligned(int length) {
    return (length + ALIGNMENT - 1) & -ALIGNMENT;
  }
}
