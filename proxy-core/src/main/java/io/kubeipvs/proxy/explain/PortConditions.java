package io.kubeipvs.proxy.explain;

import io.kubeipvs.iptables.SavedRule.Part;
import io.kubeipvs.iptables.SavedRule.RuleOption;
import io.kubeipvs.net.Protocol;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code -m tcp|udp|sctp} and {@code -m multiport}. */
final class PortConditions {
  private static final Pattern RANGE = Pattern.compile("([0-9]{1,5})?(:)?([0-9]{1,5})?");
  private static final Set<String> FLAGS = Set.of("FIN", "SYN", "RST", "PSH", "ACK", "URG");

  private PortConditions() {}

  static Condition read(Part part) {
    Condition protocol = packet -> Fit.of(part.name().equals(packet.protocol().lowerCaseName()));
    List<Condition> options = part.options().stream().map(PortConditions::read).toList();
    Condition all = Conditions.all(options);
    return packet -> protocol.fits(packet).isNo() ? Fit.NO : all.fits(packet);
  }

  private static Condition read(RuleOption option) {
    return switch (option.name()) {
      case "--dport" -> ports(option, List.of(option.value()), Side.DESTINATION);
      case "--sport" -> ports(option, List.of(option.value()), Side.SOURCE);
      case "--tcp-flags" -> flags(option);
      default -> Conditions.unknown(option.name());
    };
  }

  static Condition readMany(Part part) {
    return Conditions.all(part.options().stream().map(PortConditions::many).toList());
  }

  private static Condition many(RuleOption option) {
    List<String> ranges = List.of(option.value().split(",", -1));
    return switch (option.name()) {
      case "--dports" -> ports(option, ranges, Side.DESTINATION);
      case "--sports" -> ports(option, ranges, Side.SOURCE);
      default -> Conditions.unknown(option.name());
    };
  }

  private enum Side {
    SOURCE,
    DESTINATION
  }

  private static Condition ports(RuleOption option, List<String> ranges, Side side) {
    if (!ranges.stream().allMatch(range -> RANGE.matcher(range).matches())) {
      return Conditions.unknown(option.name() + " " + option.value());
    }
    return packet -> {
      int port = side == Side.SOURCE ? packet.sourcePort() : packet.port();
      if (side == Side.SOURCE && port == 0) {
        return Fit.unknown("which port the client sends from is not given");
      }
      return Fit.of(ranges.stream().anyMatch(range -> isIn(range, port)))
          .negatedIf(option.negated());
    };
  }

  private static boolean isIn(String range, int port) {
    Matcher parts = RANGE.matcher(range);
    if (!parts.matches()) {
      return false;
    }
    int first = parts.group(1) == null ? 0 : Integer.parseInt(parts.group(1));
    if (parts.group(2) == null) {
      return port == first;
    }
    int last = parts.group(3) == null ? 65_535 : Integer.parseInt(parts.group(3));
    return port >= first && port <= last;
  }

  /** The first packet of a connection carries SYN and no other flag. */
  private static Condition flags(RuleOption option) {
    if (option.values().size() != 2) {
      return Conditions.unknown(option.name());
    }
    Set<String> looked = named(option.values().get(0));
    Set<String> wanted = named(option.values().get(1));
    boolean synWanted = wanted.equals(Set.of("SYN"));
    boolean meets = looked.contains("SYN") ? synWanted : wanted.isEmpty();
    return packet ->
        packet.protocol().equals(Protocol.TCP) && packet.tracking().state() == Packet.State.NEW
            ? Fit.of(meets).negatedIf(option.negated())
            : Fit.unknown("which flags later packets carry is not known");
  }

  private static Set<String> named(String flags) {
    return switch (flags) {
      case "ALL" -> FLAGS;
      case "NONE" -> Set.of();
      default -> Set.of(flags.split(",", -1));
    };
  }
}
