package io.kubeipvs.proxy.explain;

import io.kubeipvs.iptables.SavedRule.Part;
import io.kubeipvs.iptables.SavedRule.RuleOption;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import java.util.List;
import java.util.Optional;

/** {@code -s}, {@code -d}, {@code -i}, {@code -o}, {@code -p}. */
final class PlainConditions {
  private PlainConditions() {}

  static Condition read(Part part) {
    List<Condition> all = part.options().stream().map(PlainConditions::read).toList();
    return Conditions.all(all);
  }

  private static Condition read(RuleOption option) {
    Condition plain =
        switch (option.name()) {
          case "-s" -> network(option, true);
          case "-d" -> network(option, false);
          case "-i" -> packet -> Fit.of(isDevice(option.value(), packet.in()));
          case "-o" -> packet -> Fit.of(isDevice(option.value(), packet.out()));
          case "-p" -> packet -> protocol(option.value(), packet);
          case "-f" -> packet -> Fit.NO; // Fragments are put together before rules see them.
          default -> Conditions.unknown(option.name());
        };
    return packet -> plain.fits(packet).negatedIf(option.negated());
  }

  private static Condition network(RuleOption option, boolean source) {
    String text = option.value();
    Optional<IpPrefix> network =
        text.indexOf('/') < 0 ? IpAddress.parse(text).map(IpPrefix::host) : IpPrefix.parse(text);
    if (network.isEmpty()) {
      return Conditions.unknown(option.name() + " " + text);
    }
    return packet ->
        Fit.of(network.get().contains(source ? packet.source() : packet.destination()));
  }

  /** A trailing {@code +} stands for any end of the name. */
  static boolean isDevice(String pattern, String device) {
    return pattern.endsWith("+")
        ? device.startsWith(pattern.substring(0, pattern.length() - 1))
        : pattern.equals(device);
  }

  private static Fit protocol(String name, Packet packet) {
    int number = packet.protocol().number();
    return switch (name) {
      case "all", "0" -> Fit.YES;
      default ->
          Fit.of(
              name.equals(packet.protocol().lowerCaseName())
                  || name.equals(Integer.toString(number)));
    };
  }
}
