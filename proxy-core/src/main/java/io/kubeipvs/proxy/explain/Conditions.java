package io.kubeipvs.proxy.explain;

import io.kubeipvs.iptables.SavedRule;
import io.kubeipvs.iptables.SavedRule.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** From a rule's words to conditions. An extension nobody here knows is never met for certain. */
final class Conditions {

  /** One extension, or the tool's own options. */
  @FunctionalInterface
  interface Reader {
    Condition read(Part part);
  }

  private final Map<String, Reader> readers;

  Conditions(Facts facts, Router router) {
    SetMembers sets = new SetMembers(facts.sets());
    RecentMemory recent = new RecentMemory(facts.recentClients());
    this.readers =
        Map.ofEntries(
            Map.entry("", PlainConditions::read),
            Map.entry("comment", part -> packet -> Fit.YES),
            Map.entry("tcp", PortConditions::read),
            Map.entry("udp", PortConditions::read),
            Map.entry("sctp", PortConditions::read),
            Map.entry("multiport", PortConditions::readMany),
            Map.entry("icmp", part -> packet -> Fit.NO),
            Map.entry("icmp6", part -> packet -> Fit.NO),
            Map.entry("mark", MarkConditions::read),
            Map.entry("set", part -> SetConditions.read(part, sets)),
            Map.entry("addrtype", part -> AddressConditions.type(part, router)),
            Map.entry("iprange", AddressConditions::range),
            Map.entry("conntrack", TrackingConditions::read),
            Map.entry("state", TrackingConditions::read),
            Map.entry("ipvs", BalancedConditions::read),
            Map.entry("statistic", ChanceConditions::read),
            Map.entry("recent", part -> RecentConditions.read(part, recent)),
            Map.entry("physdev", part -> BridgeConditions.read(part, facts)));
  }

  List<Condition> of(SavedRule rule) {
    List<Condition> conditions = new ArrayList<>();
    for (Part part : rule.parts()) {
      Reader reader = readers.get(part.name());
      conditions.add(reader == null ? unknown("-m " + part.name()) : reader.read(part));
    }
    return conditions;
  }

  static Condition unknown(String what) {
    return packet -> Fit.unknown("\"" + what + "\" cannot be told from here");
  }

  /** All of them. */
  static Condition all(List<Condition> conditions) {
    return packet -> {
      Fit sum = Fit.YES;
      for (Condition condition : conditions) {
        Fit fit = condition.fits(packet);
        if (fit.isNo()) {
          return fit;
        }
        sum = both(sum, fit);
      }
      return sum;
    };
  }

  private static Fit both(Fit one, Fit other) {
    String why =
        one.why().isEmpty() || other.why().isEmpty()
            ? one.why() + other.why()
            : one.why() + "; " + other.why();
    return new Fit(one.share() * other.share(), one.known() && other.known(), why);
  }
}
