package io.kubeipvs.iptables;

import io.kubeipvs.iptables.Match.ConnectionState;
import io.kubeipvs.iptables.Match.Direction;
import io.kubeipvs.iptables.Match.Side;
import io.kubeipvs.iptables.Match.Transport;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** What a rule asks by {@code -m}; the tools keep the order in which they were given. */
sealed interface ExtensionMatch extends Match {

  @Override
  default int position() {
    return 5;
  }

  /**
   * The only place of a rule that free text reaches. It is made printable ASCII (iptables-save
   * prints a line feed as it is, and then cannot be read back), cut to what the kernel keeps, and
   * kept from beginning with {@code -}: older tools take a bare {@code -t} for an option.
   */
  record Comment(String text) implements ExtensionMatch {
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
  record InSet(String set, List<Direction> directions, boolean negated) implements ExtensionMatch {
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

  record Mark(int value, int mask, boolean negated) implements ExtensionMatch {
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
  record AddressType(Side side, boolean negated) implements ExtensionMatch {
    @Override
    public void appendTo(StringBuilder out) {
      out.append(negated ? "-m addrtype ! --" : "-m addrtype --");
      out.append(side.word()).append("-type LOCAL");
    }
  }

  record Conntrack(List<ConnectionState> states, boolean negated) implements ExtensionMatch {
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
  record Probability(String share) implements ExtensionMatch {
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

  record RecentlySeen(Family family, String name, int seconds) implements ExtensionMatch {
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

  record Remember(Family family, String name) implements ExtensionMatch {
    public Remember {
      Words.requireName("list", name, ChainName.MAXIMUM_LENGTH);
    }

    @Override
    public void appendTo(StringBuilder out) {
      out.append("-m recent --set --name ").append(name);
      out.append(" --mask ").append(family.hostMask()).append(" --rsource");
    }
  }

  record DestinationPort(Transport protocol, int port) implements ExtensionMatch {
    public DestinationPort {
      requirePort(port);
    }

    @Override
    public void appendTo(StringBuilder out) {
      out.append("-m ").append(protocol).append(" --dport ").append(port);
    }
  }

  record Extension(Transport protocol) implements ExtensionMatch {
    @Override
    public void appendTo(StringBuilder out) {
      out.append("-m ").append(protocol);
    }
  }

  record ArrivedByBridge(boolean negated) implements ExtensionMatch {
    @Override
    public void appendTo(StringBuilder out) {
      out.append(negated ? "-m physdev ! --physdev-is-in" : "-m physdev --physdev-is-in");
    }
  }

  record VirtualService(Transport protocol, Cidr address, int port) implements ExtensionMatch {
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
}
