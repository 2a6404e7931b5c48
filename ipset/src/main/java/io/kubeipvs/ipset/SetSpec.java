package io.kubeipvs.ipset;

import io.kubeipvs.net.AddressFamily;

/**
 * A set as {@code ipset create} describes it.
 *
 * @param family of its addresses; a {@code bitmap:port} has none and says IPv4
 * @param maximumElements {@code maxelem} of a hash; 0 for a bitmap, whose range is 0-65535
 */
public record SetSpec(SetName name, SetType type, AddressFamily family, int maximumElements) {
  public static final int DEFAULT_MAXIMUM_ELEMENTS = 65536;

  public SetSpec {
    if (type == SetType.BITMAP_PORT) {
      family = AddressFamily.IPV4;
      maximumElements = 0;
    }
  }

  public static SetSpec hash(String name, SetType type, AddressFamily family) {
    return new SetSpec(new SetName(name), type, family, DEFAULT_MAXIMUM_ELEMENTS);
  }

  public static SetSpec ports(String name) {
    return new SetSpec(new SetName(name), SetType.BITMAP_PORT, AddressFamily.IPV4, 0);
  }

  /** What follows {@code create} in {@code ipset save}, without sizes the kernel chooses. */
  @Override
  public String toString() {
    return type == SetType.BITMAP_PORT
        ? name + " bitmap:port range 0-65535"
        : name
            + " "
            + type
            + " family "
            + (family == AddressFamily.IPV4 ? "inet" : "inet6")
            + " maxelem "
            + maximumElements;
  }
}
