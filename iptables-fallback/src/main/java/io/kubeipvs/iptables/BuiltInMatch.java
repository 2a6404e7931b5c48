package io.kubeipvs.iptables;

import io.kubeipvs.iptables.Match.Transport;

/** What a rule asks of a packet without any extension; at most one of a kind in a rule. */
sealed interface BuiltInMatch extends Match {

  record Source(Cidr network, boolean negated) implements BuiltInMatch {
    @Override
    public void appendTo(StringBuilder out) {
      out.append(negated ? "! -s " : "-s ").append(network);
    }

    @Override
    public int position() {
      return 0;
    }
  }

  record Destination(Cidr network, boolean negated) implements BuiltInMatch {
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
  record InInterface(String name, boolean negated) implements BuiltInMatch {
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
  record OutInterface(String name, boolean negated) implements BuiltInMatch {
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

  record Protocol(Transport protocol) implements BuiltInMatch {
    @Override
    public void appendTo(StringBuilder out) {
      out.append("-p ").append(protocol);
    }

    @Override
    public int position() {
      return 4;
    }
  }

  record EchoRequest(Family family) implements BuiltInMatch {
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

  private static void requireInterface(String name) {
    String stem = name.endsWith("+") ? name.substring(0, name.length() - 1) : name;
    Words.requireName("interface", stem, 15);
  }
}
