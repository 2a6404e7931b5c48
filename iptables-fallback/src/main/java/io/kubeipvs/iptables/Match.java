package io.kubeipvs.iptables;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One condition of a {@link Rule}. Each kind prints what {@code iptables-save} prints for it, so
 * that wanted and observed rules can be compared as text.
 */
public sealed interface Match {

  /** Appends the arguments, without blanks around them. */
  void appendTo(StringBuilder out);

  /** Where the tools print it: the five built-in ones in a fixed order, extensions behind. */
  default int position() {
    return 5;
  }

  // The rule reads like the rule: rule(JUMP, source(...), protocol(TCP), comment("..."))

  static Match source(String cidr) {
    return new Source(Cidr.parse(cidr), false);
  }

  static Match notSource(String cidr) {
    return new Source(Cidr.parse(cidr), true);
  }

  static Match destination(String cidr) {
    return new Destination(Cidr.parse(cidr), false);
  }

  static Match notDestination(String cidr) {
    return new Destination(Cidr.parse(cidr), true);
  }

  static Match inInterface(String name) {
    return new InInterface(name, false);
  }

  static Match notInInterface(String name) {
    return new InInterface(name, true);
  }

  static Match outInterface(String name) {
    return new OutInterface(name, false);
  }

  static Match notOutInterface(String name) {
    return new OutInterface(name, true);
  }

  static Match protocol(Transport protocol) {
    return new Protocol(protocol);
  }

  static Match comment(String text) {
    return new Comment(text);
  }

  static Match inSet(String set, Direction... directions) {
    return new InSet(set, List.of(directions), false);
  }

  static Match notInSet(String set, Direction... directions) {
    return new InSet(set, List.of(directions), true);
  }

  static Match mark(int value, int mask) {
    return new Mark(value, mask, false);
  }

  static Match notMark(int value, int mask) {
    return new Mark(value, mask, true);
  }

  static Match sourceIsLocal() {
    return new AddressType(Side.SOURCE, false);
  }

  static Match sourceIsNotLocal() {
    return new AddressType(Side.SOURCE, true);
  }

  static Match destinationIsLocal() {
    return new AddressType(Side.DESTINATION, false);
  }

  static Match destinationIsNotLocal() {
    return new AddressType(Side.DESTINATION, true);
  }

  static Match connectionState(ConnectionState... states) {
    return new Conntrack(List.of(states), false);
  }

  static Match notConnectionState(ConnectionState... states) {
    return new Conntrack(List.of(states), true);
  }

  /** True for one packet in {@code n}: what shares connections out evenly, rule by rule. */
  static Match oneIn(int n) {
    return new Probability(1.0 / n);
  }

  /** The source was noted under this name within the last seconds. */
  static Match recentlySeen(Family family, String name, int seconds) {
    return new RecentlySeen(family, name, seconds);
  }

  /** Always true; notes the source under this name. */
  static Match remember(Family family, String name) {
    return new Remember(family, name);
  }

  static Match destinationPort(Transport protocol, int port) {
    return new DestinationPort(protocol, port);
  }

  /** {@code -m tcp} without an option, which targets with ports in them are printed with. */
  static Match extension(Transport protocol) {
    return new Extension(protocol);
  }

  /** A ping. It stands for the protocol as well, so no other protocol goes with it. */
  static Match echoRequest(Family family) {
    return new EchoRequest(family);
  }

  /** The packet came in over a bridge, by a port of it. */
  static Match arrivedByBridge() {
    return new ArrivedByBridge(false);
  }

  static Match didNotArriveByBridge() {
    return new ArrivedByBridge(true);
  }

  /** The packet belongs to a connection of this IPVS virtual service. */
  static Match virtualService(Transport protocol, String address, int port) {
    return new VirtualService(protocol, Cidr.parse(address), port);
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

  record Source(Cidr network, boolean negated) implements Match {
    @Override
    public void appendTo(StringBuilder out) {
      out.append(negated ? "! -s " : "-s ").append(network);
    }

    @Override
    public int position() {
      return 0;
    }
  }

  record Destination(Cidr network, boolean negated) implements Match {
    @Override
    public void appendTo(StringBuilder out) {
      out.append(negated ? "! -d " : "-d ").append(network);
    }

    @Override
    public int position() {
      return 1;
    }
  }

  /** A trailing {@code +} matches every interface that begins so. */
  record InInterface(String name, boolean negated) implements Match {
    public InInterface {
      requireInterface(name);
    }

    @Override
    public void appendTo(StringBuilder out) {
      out.append(negated ? "! -i " : "-i ").append(name);
    }

    @Override
    public int position() {
      return 2;
    }
  }

  /** A trailing {@code +} matches every interface that begins so. */
  record OutInterface(String name, boolean negated) implements Match {
    public OutInterface {
      requireInterface(name);
    }

    @Override
    public void appendTo(StringBuilder out) {
      out.append(negated ? "! -o " : "-o ").append(name);
    }

    @Override
    public int position() {
      return 3;
    }
  }

  record Protocol(Transport protocol) implements Match {
    @Override
    public void appendTo(StringBuilder out) {
      out.append("-p ").append(protocol);
    }

    @Override
    public int position() {
      return 4;
    }
  }

  /**
   * The only place of a rule that free text reaches. It is made printable ASCII (iptables-save
   * prints a line feed as it is, and then cannot be read back), cut to what the kernel keeps, and
   * kept from beginning with {@code -}: older tools take a bare {@code -t} for an option.
   */
  record Comment(String text) implements Match {
    /** {@code XT_MAX_COMMENT_LEN} is 256 with the zero. */
    public static final int MAXIMUM_LENGTH = 255;

    public Comment {
      text = printable(text.startsWith("-") ? " " + text : text);
    }

    @Override
    public void appendTo(StringBuilder out) {
      Words.appendQuoted(out.append("-m comment --comment "), text);
    }

    private static String printable(String text) {
      StringBuilder out = new StringBuilder(text.length());
      for (int i = 0; i < Math.min(text.length(), MAXIMUM_LENGTH); i++) {
        char c = text.charAt(i);
        out.append(c >= ' ' && c <= '~' ? c : Character.isWhitespace(c) ? ' ' : '?');
      }
      return out.toString();
    }
  }

  /** The set must exist when the rule is loaded. */
  record InSet(String set, List<Direction> directions, boolean negated) implements Match {
    public InSet {
      Words.requireName("set", set, 31);
      directions = List.copyOf(directions);
      if (directions.isEmpty() || directions.size() > 6) {
        throw new IllegalArgumentException("a set has 1 to 6 dimensions, not " + directions);
      }
    }

    @Override
    public void appendTo(StringBuilder out) {
      out.append(negated ? "-m set ! --match-set " : "-m set --match-set ").append(set).append(' ');
      for (int i = 0; i < directions.size(); i++) {
        out.append(i == 0 ? "" : ",").append(directions.get(i));
      }
    }
  }

  record Mark(int value, int mask, boolean negated) implements Match {
    @Override
    public void appendTo(StringBuilder out) {
      out.append(negated ? "-m mark ! --mark 0x" : "-m mark --mark 0x");
      out.append(Integer.toHexString(value));
      if (mask != -1) {
        out.append("/0x").append(Integer.toHexString(mask));
      }
    }
  }

  /** The address is (not) one of this machine's. */
  record AddressType(Side side, boolean negated) implements Match {
    @Override
    public void appendTo(StringBuilder out) {
      out.append(negated ? "-m addrtype ! --" : "-m addrtype --");
      out.append(side.word).append("-type LOCAL");
    }
  }

  record Conntrack(List<ConnectionState> states, boolean negated) implements Match {
    public Conntrack {
      states = states.stream().distinct().sorted().toList();
      if (states.isEmpty()) {
        throw new IllegalArgumentException("no connection state given");
      }
    }

    @Override
    public void appendTo(StringBuilder out) {
      out.append(negated ? "-m conntrack ! --ctstate " : "-m conntrack --ctstate ");
      for (int i = 0; i < states.size(); i++) {
        out.append(i == 0 ? "" : ",").append(states.get(i));
      }
    }
  }

  /** The kernel stores a share as a multiple of 2^-31; the tools print that with 11 digits. */
  record Probability(String share) implements Match {
    private static final double ONE = 0x80000000L;

    Probability(double share) {
      this(printed(share));
    }

    static String printed(double share) {
      if (!(share >= 0 && share <= 1)) {
        throw new IllegalArgumentException(share + " is not a probability");
      }
      double stored = Math.round(share * ONE) / ONE;
      return new BigDecimal(stored).setScale(11, RoundingMode.HALF_EVEN).toPlainString();
    }

    @Override
    public void appendTo(StringBuilder out) {
      out.append("-m statistic --mode random --probability ").append(share);
    }
  }

  record RecentlySeen(Family family, String name, int seconds) implements Match {
    public RecentlySeen {
      Words.requireName("list", name, ChainName.MAXIMUM_LENGTH);
      if (seconds < 1) {
        throw new IllegalArgumentException(seconds + " s is not a time");
      }
    }

    @Override
    public void appendTo(StringBuilder out) {
      out.append("-m recent --rcheck --seconds ").append(seconds).append(" --reap --name ");
      out.append(name).append(" --mask ").append(family.hostMask()).append(" --rsource");
    }
  }

  record Remember(Family family, String name) implements Match {
    public Remember {
      Words.requireName("list", name, ChainName.MAXIMUM_LENGTH);
    }

    @Override
    public void appendTo(StringBuilder out) {
      out.append("-m recent --set --name ").append(name);
      out.append(" --mask ").append(family.hostMask()).append(" --rsource");
    }
  }

  record DestinationPort(Transport protocol, int port) implements Match {
    public DestinationPort {
      requirePort(port);
    }

    @Override
    public void appendTo(StringBuilder out) {
      out.append("-m ").append(protocol).append(" --dport ").append(port);
    }
  }

  record Extension(Transport protocol) implements Match {
    @Override
    public void appendTo(StringBuilder out) {
      out.append("-m ").append(protocol);
    }
  }

  record EchoRequest(Family family) implements Match {
    @Override
    public void appendTo(StringBuilder out) {
      out.append(
          family == Family.IPV4
              ? "-p icmp -m icmp --icmp-type 8"
              : "-p ipv6-icmp -m icmp6 --icmpv6-type 128");
    }

    @Override
    public int position() {
      return 4;
    }
  }

  record ArrivedByBridge(boolean negated) implements Match {
    @Override
    public void appendTo(StringBuilder out) {
      out.append(negated ? "-m physdev ! --physdev-is-in" : "-m physdev --physdev-is-in");
    }
  }

  record VirtualService(Transport protocol, Cidr address, int port) implements Match {
    public VirtualService {
      requirePort(port);
    }

    @Override
    public void appendTo(StringBuilder out) {
      out.append("-m ipvs --vproto ").append(protocol.number());
      out.append(" --vaddr ").append(address.address()).append(" --vport ").append(port);
    }
  }

  private static void requirePort(int port) {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is not in 0..65535");
    }
  }

  private static void requireInterface(String name) {
    String stem = name.endsWith("+") ? name.substring(0, name.length() - 1) : name;
    Words.requireName("interface", stem, 15);
  }

  /** Built-in conditions first, in the tools' order; the others stay as given. */
  static List<Match> inPrintedOrder(List<Match> matches) {
    Match[] sorted = matches.toArray(Match[]::new);
    Arrays.sort(sorted, (a, b) -> Integer.compare(a.position(), b.position()));
    return List.of(sorted);
  }
}
