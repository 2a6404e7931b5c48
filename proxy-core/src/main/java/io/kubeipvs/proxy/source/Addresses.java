package io.kubeipvs.proxy.source;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import java.util.Optional;

/** Reads addresses and ranges as the API server checks them. */
final class Addresses {
  private Addresses() {}

  /**
   * An address that may be made a VIP or be an endpoint. Unspecified, loopback, link-local and
   * multicast ones belong to the node or the link; serving them here would break one of the two.
   */
  static Optional<IpAddress> proxied(Field field) {
    Optional<String> text = field.text();
    Optional<IpAddress> address = text.flatMap(IpAddress::parse);
    if (text.isPresent() && address.isEmpty()) {
      field.refuse(Shown.of(text.get()) + " is not an IP address");
    }
    if (address.isPresent() && isSpecial(address.get())) {
      field.refuse(address.get() + " is unspecified, loopback, link-local or multicast");
      return Optional.empty();
    }
    return address;
  }

  private static boolean isSpecial(IpAddress address) {
    return address.isUnspecified()
        || address.isLoopback()
        || address.isLinkLocal()
        || address.isMulticast();
  }

  /** Surrounding blanks are allowed, as the API server allows them in source ranges. */
  static Optional<IpPrefix> range(Field field) {
    Optional<String> text = field.requiredText();
    Optional<IpPrefix> range = text.map(String::strip).flatMap(IpPrefix::parse);
    if (text.isPresent() && range.isEmpty()) {
      field.refuse(Shown.of(text.get()) + " is not a range like 10.0.0.0/8");
    }
    return range;
  }

  /** {@code IPv4} or {@code IPv6}. */
  static Optional<AddressFamily> family(String text) {
    return switch (text) {
      case "IPv4" -> Optional.of(AddressFamily.IPV4);
      case "IPv6" -> Optional.of(AddressFamily.IPV6);
      default -> Optional.empty();
    };
  }
}
