package io.kubeipvs.proxy.explain;

import io.kubeipvs.iptables.SavedRule.Part;
import io.kubeipvs.iptables.SavedRule.RuleOption;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import java.util.List;
import java.util.Optional;

/** {@code -m ipvs}: whether and by which virtual service a packet was translated. */
final class BalancedConditions {
  private BalancedConditions() {}

  static Condition read(Part part) {
    List<Condition> options = part.options().stream().map(BalancedConditions::read).toList();
    Condition all = Conditions.all(options);
    boolean untouched =
        part.option("--ipvs").filter(RuleOption::negated).isPresent() && options.size() == 1;
    return packet ->
        packet.virtual().isPresent()
            ? (untouched ? Fit.NO : all.fits(packet))
            : Fit.of(untouched, "IPVS has not touched the packet");
  }

  private static Condition read(RuleOption option) {
    Condition plain =
        switch (option.name()) {
          case "--ipvs" -> packet -> Fit.YES;
          case "--vproto" -> packet -> protocol(option.value(), packet);
          case "--vaddr" -> packet -> address(option.value(), packet);
          case "--vport" -> packet -> port(option.value(), packet);
          case "--vdir" -> packet -> Fit.of(option.value().equals("ORIGINAL"));
          case "--vmethod" -> packet -> Fit.of(option.value().equals("MASQ"));
          default -> Conditions.unknown("-m ipvs " + option.name());
        };
    return packet -> plain.fits(packet).negatedIf(option.negated());
  }

  private static Fit protocol(String text, Packet packet) {
    return Fit.of(
        text.equals(Integer.toString(packet.protocol().number()))
            || text.equals(packet.protocol().lowerCaseName()));
  }

  private static Fit address(String text, Packet packet) {
    Optional<IpPrefix> network =
        text.indexOf('/') < 0 ? IpAddress.parse(text).map(IpPrefix::host) : IpPrefix.parse(text);
    IpAddress virtual =
        packet
            .virtual()
            .filter(ServiceKey.Address.class::isInstance)
            .map(key -> ((ServiceKey.Address) key).address())
            .orElse(packet.tracking().originalDestination());
    return network
        .map(prefix -> Fit.of(prefix.contains(virtual)))
        .orElseGet(() -> Fit.unknown("\"--vaddr " + text + "\" is not understood"));
  }

  private static Fit port(String text, Packet packet) {
    return Fit.of(text.equals(Integer.toString(packet.tracking().originalPort())));
  }
}
