package io.kubeipvs.net;

import java.util.Optional;

/** A network in CIDR form; bits behind the prefix are cleared, as the kernel stores it. */
public record IpPrefix(IpAddress network, int length) implements Comparable<IpPrefix> {

  public IpPrefix {
    if (length < 0 || length > network.family().bits()) {
      throw new IllegalArgumentException(
          "prefix length " + length + " is not in 0.." + network.family().bits());
    }
    network = masked(network, length);
  }

  /** The prefix that holds just this address: {@code /32} or {@code /128}. */
  public static IpPrefix host(IpAddress address) {
    return new IpPrefix(address, address.family().bits());
  }

  /** {@code 10.0.0.0/8} or {@code fd00::/64}; empty for anything else, a bare address included. */
  public static Optional<IpPrefix> parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !text.substring(slash + 1).matches("0|[1-9][0-9]{0,2}")) {
      return Optional.empty();
    }
    int length = Integer.parseInt(text.substring(slash + 1));
    return IpAddress.parse(text.substring(0, slash))
        .filter(address -> length <= address.family().bits())
        .map(address -> new IpPrefix(address, length));
  }

  /**
   * {@link #parse} for literals in code and tests.
   *
   * @throws IllegalArgumentException when it is not a prefix
   */
  public static IpPrefix of(String literal) {
    return parse(literal).orElseThrow(() -> new IllegalArgumentException("not a CIDR: " + literal));
  }

  public AddressFamily family() {
    return network.family();
  }

  public boolean contains(IpAddress address) {
    return address.family() == family() && masked(address, length).equals(network);
  }

  private static IpAddress masked(IpAddress address, int length) {
    if (address.family() == AddressFamily.IPV4) {
      long mask = length == 0 ? 0 : (0xffff_ffffL << (32 - length)) & 0xffff_ffffL;
      return new IpAddress(AddressFamily.IPV4, 0, address.low() & mask);
    }
    long high = length == 0 ? 0 : length >= 64 ? -1L : -1L << (64 - length);
    long low = length <= 64 ? 0 : -1L << (128 - length);
    return new IpAddress(AddressFamily.IPV6, address.high() & high, address.low() & low);
  }

  @Override
  public int compareTo(IpPrefix other) {
    int byNetwork = network.compareTo(other.network);
    return byNetwork != 0 ? byNetwork : Integer.compare(length, other.length);
  }

  @Override
  public String toString() {
    return network + "/" + length;
  }
}
