package io.kubeipvs.netlink;

import io.kubeipvs.net.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Walks attributes as if their sender were hostile. {@link #next} steps to the next one; the other
 * methods read the value of the one it stands on. A value longer than the type asked for is read
 * from its front where the kernel may have grown it (structures), and refused where it may not
 * (numbers). Layout: {@link AttributeWriter}.
 */
public final class AttributeReader {
  private static final int TYPE_MASK = 0x3fff;

  private final ByteBuffer buffer;
  private int next;
  private int type;
  private int valueStart;
  private int valueLength;

  public AttributeReader(ByteBuffer attributes) {
    this.buffer = attributes.slice().order(ByteOrder.nativeOrder());
  }

  /** Steps to the next attribute; false when there is none. */
  public boolean next() throws MalformedMessageException {
    int left = buffer.limit() - next;
    if (left <= 0) {
      return false;
    }
    int length = left < AttributeWriter.HEADER_LENGTH ? left : lengthAt(next);
    if (length < AttributeWriter.HEADER_LENGTH || length > left) {
      throw new MalformedMessageException(
          "attribute at %d claims %d bytes of %d".formatted(next, length, left));
    }
    type = Short.toUnsignedInt(buffer.getShort(next + 2)) & TYPE_MASK;
    valueStart = next + AttributeWriter.HEADER_LENGTH;
    valueLength = length - AttributeWriter.HEADER_LENGTH;
    next += NetlinkMessage.aligned(length);
    return true;
  }

  private int lengthAt(int start) {
    return Short.toUnsignedInt(buffer.getShort(start));
  }

  /** The type without the bits for nesting and byte order. */
  public int type() {
    return type;
  }

  /** Bytes of the value. */
  public int length() {
    return valueLength;
  }

  public int u8() throws MalformedMessageException {
    return Byte.toUnsignedInt(buffer.get(number(1)));
  }

  public int u16() throws MalformedMessageException {
    return Short.toUnsignedInt(buffer.getShort(number(2)));
  }

  public int u16be() throws MalformedMessageException {
    int at = number(2);
    return Byte.toUnsignedInt(buffer.get(at)) << 8 | Byte.toUnsignedInt(buffer.get(at + 1));
  }

  /** A port number, network order. */
  public int port() throws MalformedMessageException {
    return u16be();
  }

  /** 32 bits, to be read as signed or unsigned as the attribute's meaning has it. */
  public int u32() throws MalformedMessageException {
    return buffer.getInt(number(4));
  }

  public int u32be() throws MalformedMessageException {
    int at = number(4);
    int value = 0;
    for (int i = 0; i < 4; i++) {
      value = value << 8 | Byte.toUnsignedInt(buffer.get(at + i));
    }
    return value;
  }

  public long u64() throws MalformedMessageException {
    return buffer.getLong(number(8));
  }

  public byte[] bytes() {
    byte[] value = new byte[valueLength];
    buffer.get(valueStart, value);
    return value;
  }

  /** Up to the first zero byte; a value without one is read whole. */
  public String string() {
    byte[] value = bytes();
    int end = 0;
    while (end < value.length && value[end] != 0) {
      end++;
    }
    return new String(value, 0, end, StandardCharsets.UTF_8);
  }

  /** An address of exactly 4 or 16 bytes. */
  public IpAddress address() throws MalformedMessageException {
    if (valueLength != 4 && valueLength != 16) {
      throw wrongLength("an address of 4 or 16");
    }
    return IpAddress.ofBytes(bytes());
  }

  /** The value as a structure: its bytes from position 0, native order. */
  public ByteBuffer structure(int leastLength) throws MalformedMessageException {
    if (valueLength < leastLength) {
      throw wrongLength("a structure of at least " + leastLength);
    }
    return buffer.slice(valueStart, valueLength).order(ByteOrder.nativeOrder());
  }

  /** The attributes inside this one. */
  public AttributeReader nested() {
    return new AttributeReader(buffer.slice(valueStart, valueLength));
  }

  private int number(int bytes) throws MalformedMessageException {
    if (valueLength != bytes) {
      throw wrongLength("a number of " + bytes);
    }
    return valueStart;
  }

  private MalformedMessageException wrongLength(String wanted) {
    return new MalformedMessageException(
        "attribute %d has %d bytes, wanted %s".formatted(type, valueLength, wanted));
  }
}
