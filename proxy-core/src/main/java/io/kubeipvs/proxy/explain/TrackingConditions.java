package io.kubeipvs.proxy.explain;

import io.kubeipvs.iptables.SavedRule.Part;
import io.kubeipvs.iptables.SavedRule.RuleOption;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.proxy.explain.Packet.Tracking;
import java.util.List;
import java.util.Optional;

/** {@code -m conntrack} and its predecessor {@code -m state}. */
final class TrackingConditions {
  private TrackingConditions() {}

  static Condition read(Part part) {
    return Conditions.all(part.options().stream().map(TrackingConditions::read).toList());
  }

  private static Condition read(RuleOption option) {
    Condition plain =
        switch (option.name()) {
          case "--ctstate", "--state" -> packet -> Fit.of(isIn(option.value(), packet.tracking()));
          case "--ctdir" -> packet -> Fit.of(option.value().equals("ORIGINAL"));
          case "--ctorigsrc" -> address(option, true);
          case "--ctorigdst" -> address(option, false);
          case "--ctorigdstport" -> packet -> port(option.value(), packet);
          case "--ctproto" -> packet -> protocol(option.value(), packet);
          default -> Conditions.unknown("-m conntrack " + option.name());
        };
    return packet -> plain.fits(packet).negatedIf(option.negated());
  }

  private static boolean isIn(String states, Tracking tracking) {
    for (String state : states.split(",", -1)) {
      boolean meets =
          switch (state) {
            case "DNAT" -> tracking.dnat();
            case "SNAT" -> tracking.snat();
            default -> state.equals(tracking.state().name());
          };
      if (meets) {
        return true;
      }
    }
    return false;
  }

  private static Condition address(RuleOption option, boolean source) {
    String text = option.value();
    Optional<IpPrefix> network =
        text.indexOf('/') < 0 ? IpAddress.parse(text).map(IpPrefix::host) : IpPrefix.parse(text);
    if (network.isEmpty()) {
      return Conditions.unknown(option.name() + " " + text);
    }
    return packet ->
        Fit.of(
            network
                .get()
                .contains(
                    source
                        ? packet.tracking().originalSource()
                        : packet.tracking().originalDestination()));
  }

  private static Fit port(String text, Packet packet) {
    List<String> ends = List.of(text.split(":", -1));
    try {
      int first = Integer.parseInt(ends.get(0));
      int last = Integer.parseInt(ends.get(ends.size() - 1));
      int port = packet.tracking().originalPort();
      return Fit.of(port >= first && port <= last);
    } catch (NumberFormatException e) {
      return Fit.unknown("\"--ctorigdstport " + text + "\" is not understood");
    }
  }

  private static Fit protocol(String text, Packet packet) {
    return Fit.of(
        text.equals(Integer.toString(packet.protocol().number()))
            || text.equals(packet.protocol().lowerCaseName()));
  }
}
