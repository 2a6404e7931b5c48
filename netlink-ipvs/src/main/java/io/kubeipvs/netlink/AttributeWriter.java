package io.kubeipvs.netlink;

import io.kubeipvs.net.AddressFamily;
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

  /** Nearly every message we make fits; growing costs a copy. */
  private static final int USUAL_LENGTH = 256;

  private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  /**
   * An array and shifts, not a buffer: the first thousands of messages are written before anything
   * is compiled, and interpreted a buffer's put costs ten times as much. Zero where nothing was
   * written, so that padding is a step forward.
   */
  private byte[] bytes = new byte[USUAL_LENGTH];

  private int position;

  /** A byte of the family's header. */
  public AttributeWriter headerU8(int value) {
    room(1);
    put8(value);
    return this;
  }

  /** 16 bits of the family's header, native order. */
  public AttributeWriter headerU16(int value) {
    room(2);
    put16(value);
    return this;
  }

  /** 16 bits of the family's header, network order. */
  public AttributeWriter headerU16be(int value) {
    return headerU8(value >>> 8).headerU8(value);
  }

  /** 32 bits of the family's header, native order. */
  public AttributeWriter headerU32(int value) {
    room(4);
    put32(value);
    return this;
  }

  public AttributeWriter u8(int type, int value) {
    start(type, 1);
    put8(value);
    return pad();
  }

  public AttributeWriter u16(int type, int value) {
    start(type, 2);
    put16(value);
    return pad();
  }

  public AttributeWriter u16be(int type, int value) {
    start(type, 2);
    put16be(value);
    return pad();
  }

  public AttributeWriter u32(int type, int value) {
    start(type, 4);
    put32(value);
    return this;
  }

  public AttributeWriter u32be(int type, int value) {
    start(type, 4);
    put32be(value);
    return this;
  }

  /** A port number, in network order as every family wants it. */
  public AttributeWriter port(int type, int value) {
    return u16be(type, value);
  }

  public AttributeWriter bytes(int type, byte[] value) {
    start(type, value.length);
    System.arraycopy(value, 0, bytes, position, value.length);
    position += value.length;
    return pad();
  }

  /** The 4 or 16 bytes of the address. */
  public AttributeWriter address(int type, IpAddress value) {
    return address(type, value, value.family().addressLength());
  }

  /** The bytes of the address and zeros behind them, up to that length. */
  public AttributeWriter address(int type, IpAddress value, int length) {
    start(type, length);
    int end = position + length;
    if (value.family() == AddressFamily.IPV6) {
      put32be((int) (value.high() >>> 32));
      put32be((int) value.high());
      put32be((int) (value.low() >>> 32));
    }
    put32be((int) value.low());
    position = end;
    return pad();
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
    int start = position;
    start(type, 0);
    content.accept(this);
    int end = position;
    if (end - start > LONGEST) {
      throw new IllegalArgumentException("nested attribute of " + (end - start) + " bytes");
    }
    position = start;
    put16(end - start);
    position = end;
    return this;
  }

  /** Bytes written so far. */
  public int length() {
    return position;
  }

  /** What was written, from position to limit; the writer is done with. */
  public ByteBuffer toBuffer() {
    return ByteBuffer.wrap(bytes, 0, position).slice().order(ByteOrder.nativeOrder());
  }

  private void start(int type, int valueLength) {
    int length = HEADER_LENGTH + valueLength;
    if (length > LONGEST) {
      throw new IllegalArgumentException("attribute value of " + valueLength + " bytes");
    }
    room(length);
    put16(length);
    put16(type);
  }

  private AttributeWriter pad() {
    position = NetlinkMessage.aligned(position);
    return this;
  }

  private void put8(int value) {
    bytes[position++] = (byte) value;
  }

  private void put16(int value) {
    if (LITTLE_ENDIAN) {
      bytes[position++] = (byte) value;
      bytes[position++] = (byte) (value >>> 8);
    } else {
      put16be(value);
    }
  }

  private void put16be(int value) {
    bytes[position++] = (byte) (value >>> 8);
    bytes[position++] = (byte) value;
  }

  private void put32(int value) {
    if (LITTLE_ENDIAN) {
      put16(value);
      put16(value >>> 16);
    } else {
      put32be(value);
    }
  }

  private void put32be(int value) {
    put16be(value >>> 16);
    put16be(value);
  }

  /** For so many bytes and the padding behind them. */
  private void room(int length) {
    int needed = position + length + NetlinkMessage.ALIGNMENT;
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, needed));
    }
  }
}
