package io.kubeipvs.net;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * An IPv4 or IPv6 address as a number. Unlike {@link java.net.InetAddress} it never asks a name
 * server, never turns an IPv4-mapped IPv6 address into an IPv4 one, and orders by value.
 *
 * <p>{@code high} is 0 for IPv4; {@code low} then holds the 32 bits of the address.
 */
public record IpAddress(AddressFamily family, long high, long low)
    implements Comparable<IpAddress> {

  public IpAddress {
    if (family == AddressFamily.IPV4 && (high != 0 || low >>> 32 != 0)) {
      throw new IllegalArgumentException("more than 32 bits in an IPv4 address");
    }
  }

  /** The address in those bytes, network order: 4 of them for IPv4, 16 for IPv6. */
  public static IpAddress ofBytes(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return switch (bytes.length) {
      case 4 -> new IpAddress(AddressFamily.IPV4, 0, buffer.getInt() & 0xffff_ffffL);
      case 16 -> new IpAddress(AddressFamily.IPV6, buffer.getLong(), buffer.getLong());
      default ->
          throw new IllegalArgumentException(bytes.length + " bytes are not an internet address");
    };
  }

  /** {@code 0.0.0.0} or {@code ::}. */
  public static IpAddress any(AddressFamily family) {
    return new IpAddress(family, 0, 0);
  }

  /**
   * A literal as Kubernetes writes it: dotted decimal of four numbers without leading zeros, or
   * IPv6 text (RFC 4291) without a zone. Empty for anything else, host names included.
   */
  public static Optional<IpAddress> parse(String text) {
    return text.indexOf(':') >= 0 ? IpLiteral.parseV6(text) : IpLiteral.parseV4(text);
  }

  /**
   * {@link #parse} for literals in code and tests.
   *
   * @throws IllegalArgumentException when it is not an address
   */
  public static IpAddress of(String literal) {
    return parse(literal)
        .orElseThrow(() -> new IllegalArgumentException("not an internet address: " + literal));
  }

  /** The bytes in network order, 4 or 16. */
  public byte[] toBytes() {
    if (family == AddressFamily.IPV4) {
      return ByteBuffer.allocate(4).putInt((int) low).array();
    }
    return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
  }

  /** {@code 0.0.0.0} or {@code ::}. */
  public boolean isUnspecified() {
    return high == 0 && low == 0;
  }

  /** {@code 127.0.0.0/8} or {@code ::1}. */
  public boolean isLoopback() {
    return family == AddressFamily.IPV4 ? low >>> 24 == 127 : high == 0 && low == 1;
  }

  /** {@code 169.254.0.0/16} or {@code fe80::/10}. */
  public boolean isLinkLocal() {
    return family == AddressFamily.IPV4 ? low >>> 16 == 0xa9fe : high >>> 54 == 0x3fa;
  }

  /** {@code 224.0.0.0/4} or {@code ff00::/8}. */
  public boolean isMulticast() {
    return family == AddressFamily.IPV4 ? low >>> 28 == 0xe : high >>> 56 == 0xff;
  }

  /** {@code 10.96.0.10:80} or {@code [fd00::10]:80}. */
  public String withPort(int port) {
    return family == AddressFamily.IPV4 ? this + ":" + port : "[" + this + "]:" + port;
  }

  /** IPv4 first, then by value. */
  @Override
  public int compareTo(IpAddress other) {
    int byFamily = family.compareTo(other.family);
    if (byFamily != 0) {
      return byFamily;
    }
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /** The same text as {@code inet_ntop(3)}, hence as every tool prints it. */
  @Override
  public String toString() {
    return family == AddressFamily.IPV4
        ? IpLiteral.formatV4((int) low)
        : IpLiteral.formatV6(high, low);
  }
}
