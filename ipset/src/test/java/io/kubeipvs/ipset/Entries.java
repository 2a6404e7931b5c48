package io.kubeipvs.ipset;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.net.Protocol;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Entries to test with. */
final class Entries {
  private static final List<Protocol> PROTOCOLS =
      List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP);

  private Entries() {}

  /** The first so many of an endless row of different entries. */
  static List<SetEntry> ipPorts(int count) {
    return IntStream.range(0, count).mapToObj(Entries::ipPort).toList();
  }

  static SetEntry ipPort(int index) {
    IpAddress address = new IpAddress(AddressFamily.IPV4, 0, 0x0a00_0000L + index);
    return new SetEntry.IpPort(address, Protocol.TCP, 80);
  }

  /** Some entries that a set of this type and family holds. */
  static Set<SetEntry> samples(SetType type, AddressFamily family) {
    Set<SetEntry> samples = new TreeSet<>();
    for (String text : family == AddressFamily.IPV4 ? V4 : V6) {
      for (int port : new int[] {1, 80, 65_535}) {
        for (Protocol protocol : PROTOCOLS) {
          samples.add(sample(type, IpAddress.of(text), protocol, port));
        }
      }
    }
    return samples;
  }

  private static final List<String> V4 = List.of("10.96.0.1", "0.0.0.1", "255.255.255.255");
  private static final List<String> V6 =
      List.of("fd00::1", "::1", "::ffff:10.0.0.1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");

  private static SetEntry sample(SetType type, IpAddress address, Protocol protocol, int port) {
    return switch (type) {
      case HASH_IP -> new SetEntry.Ip(address);
      case HASH_IP_PORT -> new SetEntry.IpPort(address, protocol, port);
      case HASH_IP_PORT_IP -> new SetEntry.IpPortIp(address, protocol, port, address);
      case HASH_IP_PORT_NET ->
          new SetEntry.IpPortNet(address, protocol, port, new IpPrefix(address, prefix(port)));
      case BITMAP_PORT -> new SetEntry.Port(port);
    };
  }

  private static int prefix(int port) {
    return port == 80 ? 8 : port == 1 ? 1 : 32;
  }
}
