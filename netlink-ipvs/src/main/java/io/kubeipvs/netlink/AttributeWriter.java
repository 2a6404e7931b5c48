package io.kubeipvs.netlink;

import io.kubeipvs.net.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Writes a family's header and the attributes behind it.
 *
 * <pre>
 *  0                   2                   4
 *  +-------------------+-------------------+---------------+---------+
 *  | length (native)   | type (native)     | value         | padding |
 *  +-------------------+-------------------+---------------+---------+
 * </pre>
 *
 * The length counts its own 4 bytes and the value, not the padding to 4 bytes. The byte order of a
 * value is in the method's name: native without a suffix, network order with {@code be} ({@code
 * struct nlattr}, {@code linux/netlink.h}).
 */
public final class AttributeWriter {
  /** Bit of the type that says: attributes inside. */
  public static final int NESTED = 0x8000;

  /** Bit of the type that says: network order. Only some families look at it. */
  public static final int NET_BYTEORDER = 0x4000;

  static final int HEADER_LENGTH = 4;
  private static final int LONGEST = 0xffff;

  private ByteBuffer buffer = ByteBuffer.allocate(128).order(ByteOrder.nativeOrder());

  /** A byte of the family's header. */
  public AttributeWriter headerU8(int value) {
    room(1).put((byte) value);
    return this;
  }

  /** 16 bits of the family's header, native order. */
  public AttributeWriter headerU16(int value) {
    room(2).putShort((short) value);
    return this;
  }

  /** 16 bits of the family's header, network order. */
  public AttributeWriter headerU16be(int value) {
    return headerU8(value >>> 8).headerU8(value);
  }

  /** 32 bits of the family's header, native order. */
  public AttributeWriter headerU32(int value) {
    room(4).putInt(value);
    return this;
  }

  public AttributeWriter u8(int type, int value) {
    start(type, 1).put((byte) value);
    return pad();
  }

  public AttributeWriter u16(int type, int value) {
    start(type, 2).putShort((short) value);
    return pad();
  }

  public AttributeWriter u16be(int type, int value) {
    start(type, 2).put((byte) (value >>> 8)).put((byte) value);
    return pad();
  }

  public AttributeWriter u32(int type, int value) {
    start(type, 4).putInt(value);
    return this;
  }

  public AttributeWriter u32be(int type, int value) {
    start(type, 4).putInt(value);
    if (buffer.order() == ByteOrder.LITTLE_ENDIAN) {
      int at = buffer.position() - 4;
      buffer.putInt(at, Integer.reverseBytes(buffer.getInt(at)));
    }
    return this;
  }

  /** A port number, in network order as every family wants it. */
  public AttributeWriter port(int type, int value) {
    return u16be(type, value);
  }

  public AttributeWriter bytes(int type, byte[] value) {
    start(type, value.length).put(value);
    return pad();
  }

  /** The 4 or 16 bytes of the address. */
  public AttributeWriter address(int type, IpAddress value) {
    return bytes(type, value.toBytes());
  }

  /** UTF-8 with a closing zero. */
  public AttributeWriter string(int type, String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    return bytes(type, Arrays.copyOf(text, text.length + 1));
  }

  /** An attribute without a value. */
  public AttributeWriter flag(int type) {
    start(type, 0);
    return this;
  }

  /** Attributes inside an attribute; closed when the lambda returns. */
  public AttributeWriter nested(int type, Consumer<AttributeWriter> content) {
    int start = buffer.position();
    start(type, 0);
    content.accept(this);
    int length = buffer.position() - start;
    if (length > LONGEST) {
      throw new IllegalArgumentException("nested attribute of " + length + " bytes");
    }
    buffer.putShort(start, (short) length);
    return this;
  }

  /** Bytes written so far. */
  public int length() {
    return buffer.position();
  }

  /** What was written, from position to limit; the writer is done with. */
  public ByteBuffer toBuffer() {
    return buffer.duplicate().order(ByteOrder.nativeOrder()).flip();
  }

  private ByteBuffer start(int type, int valueLength) {
    int length = HEADER_LENGTH + valueLength;
    if (length > LONGEST) {
      throw new IllegalArgumentException("attribute value of " + valueLength + " bytes");
    }
    return room(length).putShort((short) length).putShort((short) type);
  }

  private AttributeWriter pad() {
    while ((buffer.position() & 3) != 0) {
      room(1).put((byte) 0);
    }
    return this;
  }

  private ByteBuffer room(int bytes) {
    if (buffer.remaining() < bytes + 3) {
      ByteBuffer larger =
          ByteBuffer.allocate(Math.max(buffer.capacity() * 2, buffer.position() + bytes + 3))
              .order(ByteOrder.nativeOrder());
      buffer = larger.put(buffer.flip());
    }
    return buffer;
  }
}
