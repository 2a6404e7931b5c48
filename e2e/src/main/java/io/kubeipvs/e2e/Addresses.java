package io.kubeipvs.e2e;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;

/** A host's two addresses. */
public record Addresses(IpAddress v4, IpAddress v6) {
  static Addresses of(String v4, String v6) {
    return new Addresses(IpAddress.of(v4), IpAddress.of(v6));
  }

  public IpAddress of(AddressFamily family) {
    return switch (family) {
      case IPV4 -> v4;
      case IPV6 -> v6;
    };
  }

  /** A hardware address that no other host has: made of the IPv4 one. */
  String hardware() {
    byte[] bytes = v4.toBytes();
    return "02:00:%02x:%02x:%02x:%02x".formatted(bytes[0], bytes[1], bytes[2], bytes[3]);
  }
}
