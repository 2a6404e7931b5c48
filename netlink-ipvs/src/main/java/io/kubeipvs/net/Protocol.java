package io.kubeipvs.net;

import java.util.Optional;

/**
 * A transport protocol by its IANA number. Open, because the kernel may report one that we never
 * make ({@code linux/in.h}).
 */
public record Protocol(int number) implements Comparable<Protocol> {
  public static final Protocol TCP = new Protocol(6);
  public static final Protocol UDP = new Protocol(17);
  public static final Protocol SCTP = new Protocol(132);

  public Protocol {
    if (number < 0 || number > 255) {
      throw new IllegalArgumentException("protocol " + number + " is not in 0..255");
    }
  }

  /** TCP, UDP or SCTP by its Kubernetes name; exact upper case, as the API server demands. */
  public static Optional<Protocol> ofName(String name) {
    return switch (name) {
      case "TCP" -> Optional.of(TCP);
      case "UDP" -> Optional.of(UDP);
      case "SCTP" -> Optional.of(SCTP);
      default -> Optional.empty();
    };
  }

  /** {@code tcp}, as {@code ipset} and {@code iptables} print it. */
  public String lowerCaseName() {
    return switch (number) {
      case 6 -> "tcp";
      case 17 -> "udp";
      case 132 -> "sctp";
      default -> Integer.toString(number);
    };
  }

  @Override
  public int compareTo(Protocol other) {
    return Integer.compare(number, other.number);
  }

  /** {@code TCP}, as Kubernetes and {@code ipvsadm -L} print it. */
  @Override
  public String toString() {
    return switch (number) {
      case 6 -> "TCP";
      case 17 -> "UDP";
      case 132 -> "SCTP";
      default -> Integer.toString(number);
    };
  }
}
