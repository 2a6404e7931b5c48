package io.kubeipvs.proxy.explain;

import io.kubeipvs.ipset.ObservedSet;
import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetHeader;
import io.kubeipvs.ipset.SetType;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.net.Protocol;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Asks sets about packets, as {@code xt_set} does. */
final class SetMembers {
  private final Map<String, ObservedSet> sets;

  SetMembers(Map<String, ObservedSet> sets) {
    this.sets = sets;
  }

  /** Which end of the packet each part of an entry is compared with. */
  enum Side {
    SRC,
    DST
  }

  Fit holds(String name, List<Side> sides, Packet packet) {
    ObservedSet set = sets.get(name);
    if (set == null) {
      return Fit.unknown("the set " + name + " was not read");
    }
    Optional<SetType> type = SetType.ofTypeName(set.header().typeName());
    if (type.isEmpty() || isUnreadable(set.header())) {
      return Fit.unknown(
          "the set " + name + " is of a kind not read here (" + set.header().typeName() + ")");
    }
    if (type.get() != SetType.BITMAP_PORT && set.header().family() != packet.family()) {
      return Fit.NO;
    }
    if (needsSourcePort(type.get(), sides) && packet.sourcePort() == 0) {
      return Fit.unknown("which port the client sends from is not given");
    }
    return switch (type.get()) {
      case HASH_IP -> exactly(set, new SetEntry.Ip(address(sides, 0, packet)));
      case BITMAP_PORT -> ports(set, sides, packet);
      case HASH_IP_PORT ->
          exactly(
              set,
              new SetEntry.IpPort(
                  address(sides, 0, packet), packet.protocol(), port(sides, 1, packet)));
      case HASH_IP_PORT_IP ->
          exactly(
              set,
              new SetEntry.IpPortIp(
                  address(sides, 0, packet),
                  packet.protocol(),
                  port(sides, 1, packet),
                  address(sides, 2, packet)));
      case HASH_IP_PORT_NET -> network(set, sides, packet);
    };
  }

  private static boolean isUnreadable(SetHeader header) {
    return (header.extensions() & SetHeader.MASKED) != 0;
  }

  private static boolean needsSourcePort(SetType type, List<Side> sides) {
    return switch (type) {
      case HASH_IP -> false;
      case BITMAP_PORT -> side(sides, 0) == Side.SRC;
      case HASH_IP_PORT, HASH_IP_PORT_IP, HASH_IP_PORT_NET -> side(sides, 1) == Side.SRC;
    };
  }

  private static Fit exactly(ObservedSet set, SetEntry entry) {
    boolean held = set.entries().contains(entry);
    return Fit.of(held, words(set, entry.toString(), held));
  }

  /** The kernel looks for ports of TCP and UDP alone in a bitmap. */
  private static Fit ports(ObservedSet set, List<Side> sides, Packet packet) {
    boolean hasPorts =
        packet.protocol().equals(Protocol.TCP) || packet.protocol().equals(Protocol.UDP);
    return hasPorts ? exactly(set, new SetEntry.Port(port(sides, 0, packet))) : Fit.NO;
  }

  /** The longest network first, as the kernel does it. */
  private static Fit network(ObservedSet set, List<Side> sides, Packet packet) {
    IpAddress first = address(sides, 0, packet);
    IpAddress third = address(sides, 2, packet);
    int port = port(sides, 1, packet);
    Set<SetEntry> entries = set.entries();
    for (int length = third.family().bits(); length > 0; length--) {
      IpPrefix network = new IpPrefix(third, length);
      SetEntry entry = new SetEntry.IpPortNet(first, packet.protocol(), port, network);
      if (entries.contains(entry)) {
        return Fit.of(true, words(set, entry.toString(), true));
      }
    }
    String asked = first + "," + packet.protocol().lowerCaseName() + ":" + port + "," + third;
    return Fit.of(false, words(set, asked, false));
  }

  private static String words(ObservedSet set, String entry, boolean held) {
    return entry + (held ? " is in " : " is not in ") + set.header().name();
  }

  private static Side side(List<Side> sides, int index) {
    return sides.get(Math.min(index, sides.size() - 1));
  }

  private static IpAddress address(List<Side> sides, int index, Packet packet) {
    return side(sides, index) == Side.SRC ? packet.source() : packet.destination();
  }

  private static int port(List<Side> sides, int index, Packet packet) {
    return side(sides, index) == Side.SRC ? packet.sourcePort() : packet.port();
  }
}
