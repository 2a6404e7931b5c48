package io.kubeipvs.iptables;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One condition of a {@link Rule}. Each kind prints what {@code iptables-save} prints for it, so
 * that wanted and observed rules can be compared as text.
 */
public sealed interface Match permits BuiltInMatch, ExtensionMatch {

  /** Appends the arguments, without blanks around them. */
  void appendTo(StringBuilder out);

  /** Where the tools print it: the five built-in ones in a fixed order, extensions behind. */
  int position();

  // The rule reads like the rule: rule(JUMP, source(...), protocol(TCP), comment("..."))

  static Match source(String cidr) {
    return new BuiltInMatch.Source(Cidr.parse(cidr), false);
  }

  static Match notSource(String cidr) {
    return new BuiltInMatch.Source(Cidr.parse(cidr), true);
  }

  static Match destination(String cidr) {
    return new BuiltInMatch.Destination(Cidr.parse(cidr), false);
  }

  static Match notDestination(String cidr) {
    return new BuiltInMatch.Destination(Cidr.parse(cidr), true);
  }

  static Match inInterface(String name) {
    return new BuiltInMatch.InInterface(name, false);
  }

  static Match notInInterface(String name) {
    return new BuiltInMatch.InInterface(name, true);
  }

  static Match outInterface(String name) {
    return new BuiltInMatch.OutInterface(name, false);
  }

  static Match notOutInterface(String name) {
    return new BuiltInMatch.OutInterface(name, true);
  }

  static Match protocol(Transport protocol) {
    return new BuiltInMatch.Protocol(protocol);
  }

  static Match comment(String text) {
    return new ExtensionMatch.Comment(text);
  }

  static Match inSet(String set, Direction... directions) {
    return new ExtensionMatch.InSet(set, List.of(directions), false);
  }

  static Match notInSet(String set, Direction... directions) {
    return new ExtensionMatch.InSet(set, List.of(directions), true);
  }

  static Match mark(int value, int mask) {
    return new ExtensionMatch.Mark(value, mask, false);
  }

  static Match notMark(int value, int mask) {
    return new ExtensionMatch.Mark(value, mask, true);
  }

  static Match sourceIsLocal() {
    return new ExtensionMatch.AddressType(Side.SOURCE, false);
  }

  static Match sourceIsNotLocal() {
    return new ExtensionMatch.AddressType(Side.SOURCE, true);
  }

  static Match destinationIsLocal() {
    return new ExtensionMatch.AddressType(Side.DESTINATION, false);
  }

  static Match destinationIsNotLocal() {
    return new ExtensionMatch.AddressType(Side.DESTINATION, true);
  }

  static Match connectionState(ConnectionState... states) {
    return new ExtensionMatch.Conntrack(List.of(states), false);
  }

  static Match notConnectionState(ConnectionState... states) {
    return new ExtensionMatch.Conntrack(List.of(states), true);
  }

  /** True for one packet in {@code n}: what shares connections out evenly, rule by rule. */
  static Match oneIn(int n) {
    return new ExtensionMatch.Probability(1.0 / n);
  }

  /** The source was noted under this name within the last seconds. */
  static Match recentlySeen(Family family, String name, int seconds) {
    return new ExtensionMatch.RecentlySeen(family, name, seconds);
  }

  /** Always true; notes the source under this name. */
  static Match remember(Family family, String name) {
    return new ExtensionMatch.Remember(family, name);
  }

  static Match destinationPort(Transport protocol, int port) {
    return new ExtensionMatch.DestinationPort(protocol, port);
  }

  /** {@code -m tcp} without an option, which targets with ports in them are printed with. */
  static Match extension(Transport protocol) {
    return new ExtensionMatch.Extension(protocol);
  }

  /** A ping. It stands for the protocol as well, so no other protocol goes with it. */
  static Match echoRequest(Family family) {
    return new BuiltInMatch.EchoRequest(family);
  }

  /** The packet came in over a bridge, by a port of it. */
  static Match arrivedByBridge() {
    return new ExtensionMatch.ArrivedByBridge(false);
  }

  static Match didNotArriveByBridge() {
    return new ExtensionMatch.ArrivedByBridge(true);
  }

  /** The packet belongs to a connection of this IPVS virtual service. */
  static Match virtualService(Transport protocol, String address, int port) {
    return new ExtensionMatch.VirtualService(protocol, Cidr.parse(address), port);
  }

  /** Transport protocols with ports. */
  enum Transport {
    TCP(6),
    UDP(17),
    SCTP(132);

    private final int number;

    Transport(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Which end of the packet a dimension of a set is compared with. */
  enum Direction {
    SRC,
    DST;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The end of the packet whose address is looked at. */
  enum Side {
    SOURCE("src"),
    DESTINATION("dst");

    private final String word;

    Side(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /** In the order {@code iptables-save} prints them ({@code libxt_conntrack.c}). */
  enum ConnectionState {
    INVALID,
    NEW,
    RELATED,
    ESTABLISHED,
    UNTRACKED,
    SNAT,
    DNAT
  }

  /** Built-in conditions first, in the tools' order; the others stay as given. */
  static List<Match> inPrintedOrder(List<Match> matches) {
    Match[] sorted = matches.toArray(Match[]::new);
    Arrays.sort(sorted, (a, b) -> Integer.compare(a.position(), b.position()));
    return List.of(sorted);
  }
}
