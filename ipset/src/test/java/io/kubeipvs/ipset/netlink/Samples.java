package io.kubeipvs.ipset.netlink;

import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.ipset.SetSpec;
import io.kubeipvs.ipset.SetType;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.net.Protocol;
import java.util.stream.Stream;

/**
 * The sets and entries of the golden files.
 *
 * @param file what the names of its files end with
 */
record Samples(String file, SetSpec spec, SetEntry entry) {

  static Stream<Samples> all() {
    Stream<Samples> hashes =
        Stream.of(AddressFamily.values())
            .flatMap(family -> Stream.of(SetType.values()).map(type -> of(type, family)));
    return hashes.distinct();
  }

  private static Samples of(SetType type, AddressFamily family) {
    boolean v4 = family == AddressFamily.IPV4;
    IpAddress ip = IpAddress.of(v4 ? "10.96.0.1" : "fd00::1");
    IpPrefix net = IpPrefix.of(v4 ? "10.0.0.0/8" : "fd01::/64");
    String suffix = v4 ? "-inet" : "-inet6";
    SetSpec spec = new SetSpec(new SetName("S"), type, family, 65_536);
    return switch (type) {
      case HASH_IP -> new Samples("hash-ip" + suffix, spec, new SetEntry.Ip(ip));
      case HASH_IP_PORT ->
          new Samples("hash-ip-port" + suffix, spec, new SetEntry.IpPort(ip, Protocol.TCP, 443));
      case HASH_IP_PORT_IP ->
          new Samples(
              "hash-ip-port-ip" + suffix, spec, new SetEntry.IpPortIp(ip, Protocol.UDP, 53, ip));
      case HASH_IP_PORT_NET ->
          new Samples(
              "hash-ip-port-net" + suffix,
              spec,
              new SetEntry.IpPortNet(ip, Protocol.SCTP, 80, net));
      case BITMAP_PORT -> new Samples("bitmap-port", SetSpec.ports("P"), new SetEntry.Port(30_080));
    };
  }

  @Override
  public String toString() {
    return file;
  }
}
