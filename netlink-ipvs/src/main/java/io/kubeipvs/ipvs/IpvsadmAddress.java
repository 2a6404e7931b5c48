package io.kubeipvs.ipvs;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.NetworkNames;
import io.kubeipvs.net.Protocol;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address as {@code -t} and {@code -r} take it: {@code 10.0.0.1:80}, {@code [fd00::1]:80},
 * {@code web.example:http}; without a port {@code 10.0.0.1} and {@code fd00::1}. Names lead to
 * IPv4.
 */
record IpvsadmAddress(IpAddress address, OptionalInt port) {
  private static final Pattern BRACKETED = Pattern.compile("\\[([^]]*)]:(.*)");

  static Optional<IpvsadmAddress> parse(
      String text, Optional<Protocol> protocol, NetworkNames names) {
    if (text.isEmpty() || text.matches("[0-9]+")) {
      return Optional.empty();
    }
    if (text.startsWith("[")) {
      Matcher parts = BRACKETED.matcher(text);
      if (!parts.matches()) {
        return Optional.empty();
      }
      Optional<IpAddress> inside = ipv6(parts.group(1));
      return inside.isPresent()
          ? inside.flatMap(address -> with(address, parts.group(2), protocol, names))
          : plain(parts.group(1), protocol, names); // the tool forgets the port behind it
    }
    return plain(text, protocol, names);
  }

  private static Optional<IpvsadmAddress> plain(
      String text, Optional<Protocol> protocol, NetworkNames names) {
    Optional<IpAddress> bare = ipv6(text);
    if (bare.isPresent()) {
      return bare.map(address -> new IpvsadmAddress(address, OptionalInt.empty()));
    }
    int colon = text.lastIndexOf(':');
    Optional<IpAddress> host = host(colon < 0 ? text : text.substring(0, colon), names);
    return colon < 0
        ? host.map(address -> new IpvsadmAddress(address, OptionalInt.empty()))
        : host.flatMap(address -> with(address, text.substring(colon + 1), protocol, names));
  }

  private static Optional<IpAddress> ipv6(String text) {
    return text.indexOf(':') < 0
        ? Optional.empty()
        : IpAddress.parse(text).filter(address -> address.family() == AddressFamily.IPV6);
  }

  private static Optional<IpAddress> host(String text, NetworkNames names) {
    Optional<IpAddress> literal = Inet.aton(text);
    return literal.isPresent() ? literal : names.address(text);
  }

  private static Optional<IpvsadmAddress> with(
      IpAddress address, String port, Optional<Protocol> protocol, NetworkNames names) {
    OptionalInt number = IpvsadmNumbers.parse(port, 0, 0xffff);
    if (number.isEmpty() && protocol.isPresent()) {
      number = names.port(port, protocol.get());
    }
    return number.isEmpty() ? Optional.empty() : Optional.of(new IpvsadmAddress(address, number));
  }

  /** {@code inet_aton(3)}: one to four numbers, the last of which fills the rest. */
  private static final class Inet {
    private static final int ADDRESS_BITS = 32;

    static Optional<IpAddress> aton(String text) {
      String[] parts = text.split("\\.", -1);
      if (parts.length > 4) {
        return Optional.empty();
      }
      long bits = 0;
      for (int i = 0; i < parts.length; i++) {
        boolean last = i == parts.length - 1;
        int width = last ? ADDRESS_BITS - 8 * i : 8;
        OptionalLong part = number(parts[i]);
        if (part.isEmpty() || part.getAsLong() >>> width != 0) {
          return Optional.empty();
        }
        bits |= part.getAsLong() << (last ? 0 : ADDRESS_BITS - 8 * (i + 1));
      }
      return Optional.of(new IpAddress(AddressFamily.IPV4, 0, bits));
    }

    /** As in C: {@code 10}, {@code 0x0a}, {@code 012}. */
    private static OptionalLong number(String text) {
      if (text.matches("0[xX][0-9a-fA-F]{1,8}")) {
        return OptionalLong.of(Long.parseLong(text.substring(2), 16));
      }
      if (text.matches("0[0-7]{0,11}")) {
        return OptionalLong.of(Long.parseLong(text, 8));
      }
      return text.matches("[1-9][0-9]{0,9}")
          ? OptionalLong.of(Long.parseLong(text))
          : OptionalLong.empty();
    }
  }
}
