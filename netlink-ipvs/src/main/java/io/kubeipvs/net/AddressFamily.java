package io.kubeipvs.net;

/** IPv4 or IPv6, with the numbers the kernel uses for them ({@code linux/socket.h}). */
public enum AddressFamily {
  IPV4(2, 4),
  IPV6(10, 16);

  private final int number;
  private final int addressLength;

  AddressFamily(int number, int addressLength) {
    this.number = number;
    this.addressLength = addressLength;
  }

  /** {@code AF_INET} or {@code AF_INET6}. */
  public int number() {
    return number;
  }

  /** Bytes of an address: 4 or 16. */
  public int addressLength() {
    return addressLength;
  }

  /** Bits of an address: 32 or 128, the prefix length of a single host. */
  public int bits() {
    return addressLength * 8;
  }

  /** The other one. */
  public AddressFamily other() {
    return this == IPV4 ? IPV6 : IPV4;
  }

  /**
   * The family of that number.
   *
   * @throws IllegalArgumentException for any other number
   */
  public static AddressFamily ofNumber(int number) {
    for (AddressFamily family : values()) {
      if (family.number == number) {
        return family;
      }
    }
    throw new IllegalArgumentException("address family " + number + " is neither IPv4 nor IPv6");
  }
}
