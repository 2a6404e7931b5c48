package io.kubeipvs.proxy.explain;

import io.kubeipvs.iptables.SavedRule.Part;
import io.kubeipvs.iptables.SavedRule.RuleOption;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.route.Route;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code -m addrtype} and {@code -m iprange}. */
final class AddressConditions {
  private AddressConditions() {}

  static Condition type(Part part, Router router) {
    return Conditions.all(part.options().stream().map(option -> type(option, router)).toList());
  }

  private static Condition type(RuleOption option, Router router) {
    return switch (option.name()) {
      case "--src-type" -> packet -> type(option, packet.source(), router);
      case "--dst-type" -> packet -> type(option, packet.destination(), router);
      default -> Conditions.unknown("-m addrtype " + option.name());
    };
  }

  private static Fit type(RuleOption option, IpAddress address, Router router) {
    Route.Type type = router.type(address);
    List<String> wanted = List.of(option.value().split(",", -1));
    String name = type.toString().toUpperCase(Locale.ROOT);
    return Fit.of(wanted.contains(name), address + " is " + type + " here")
        .negatedIf(option.negated());
  }

  static Condition range(Part part) {
    return Conditions.all(part.options().stream().map(AddressConditions::range).toList());
  }

  private static Condition range(RuleOption option) {
    String[] ends = option.value().split("-", -1);
    Optional<IpAddress> first = IpAddress.parse(ends[0]);
    Optional<IpAddress> last = IpAddress.parse(ends[ends.length - 1]);
    boolean source = option.name().equals("--src-range");
    if (first.isEmpty() || last.isEmpty() || !(source || option.name().equals("--dst-range"))) {
      return Conditions.unknown("-m iprange " + option.name() + " " + option.value());
    }
    return packet -> {
      IpAddress address = source ? packet.source() : packet.destination();
      return Fit.of(address.compareTo(first.get()) >= 0 && address.compareTo(last.get()) <= 0)
          .negatedIf(option.negated());
    };
  }
}
