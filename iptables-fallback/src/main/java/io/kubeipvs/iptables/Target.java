package io.kubeipvs.iptables;

import io.kubeipvs.iptables.Match.Transport;

/** What a {@link Rule} does with a packet that meets its conditions. */
public sealed interface Target {

  /** Appends the arguments, without blanks around them. */
  void appendTo(StringBuilder out);

  static Target jumpTo(String chain) {
    return new Chain(new ChainName(chain));
  }

  static Target setXmark(int value, int mask) {
    return new SetXmark(value, mask);
  }

  static Target masquerade() {
    return new Masquerade(false);
  }

  /** Needs iptables 1.6.2. */
  static Target masqueradeRandomFully() {
    return new Masquerade(true);
  }

  static Target translateTo(String address, int port) {
    return new Dnat(Cidr.parse(address), port);
  }

  /** Answers as a host does where nothing listens. */
  static Target rejectPortUnreachable(Family family) {
    return new Reject(family.portUnreachable());
  }

  static Target rejectTcpReset() {
    return new Reject("tcp-reset");
  }

  /** Ends the walk through this chain, or through the table. */
  enum Verdict implements Target {
    ACCEPT,
    DROP,
    RETURN;

    @Override
    public void appendTo(StringBuilder out) {
      out.append("-j ").append(name());
    }
  }

  /** Goes on in a chain of ours. */
  record Chain(ChainName name) implements Target {
    @Override
    public void appendTo(StringBuilder out) {
      out.append("-j ").append(name);
    }
  }

  /** Clears the bits of the mask, then flips those of the value. */
  record SetXmark(int value, int mask) implements Target {
    @Override
    public void appendTo(StringBuilder out) {
      out.append("-j MARK --set-xmark 0x").append(Integer.toHexString(value));
      out.append("/0x").append(Integer.toHexString(mask));
    }
  }

  record Masquerade(boolean randomFully) implements Target {
    @Override
    public void appendTo(StringBuilder out) {
      out.append(randomFully ? "-j MASQUERADE --random-fully" : "-j MASQUERADE");
    }
  }

  /** Needs {@code -p} and, as printed, {@link Match#extension(Transport)} in the rule. */
  record Dnat(Cidr destination, int port) implements Target {
    public Dnat {
      if (destination.length() != destination.family().addressBits() || port < 1 || port > 65535) {
        throw new IllegalArgumentException("cannot translate to " + destination + " port " + port);
      }
    }

    @Override
    public void appendTo(StringBuilder out) {
      boolean six = destination.family() == Family.IPV6;
      out.append("-j DNAT --to-destination ").append(six ? "[" : "").append(destination.address());
      out.append(six ? "]:" : ":").append(port);
    }
  }

  record Reject(String with) implements Target {
    public Reject {
      Words.requireName("reject", with, 40);
    }

    @Override
    public void appendTo(StringBuilder out) {
      out.append("-j REJECT --reject-with ").append(with);
    }
  }
}
