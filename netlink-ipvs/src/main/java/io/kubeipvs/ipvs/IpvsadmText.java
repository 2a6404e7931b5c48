package io.kubeipvs.ipvs;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.Protocol;
import java.util.List;

/** Values in the syntax of {@code ipvsadm}'s options and in the words of its lists. */
public final class IpvsadmText {
  private IpvsadmText() {}

  /** {@code -t 10.96.0.10:80} or {@code -f 7 -6}. */
  public static String key(ServiceKey key) {
    if (key instanceof ServiceKey.FirewallMark mark) {
      return "-f " + Integer.toUnsignedString(mark.mark()) + (isIpv6(mark) ? " -6" : "");
    }
    ServiceKey.Address address = (ServiceKey.Address) key;
    return option(address.protocol()) + " " + address.address().withPort(address.port());
  }

  static boolean isIpv6(ServiceKey.FirewallMark mark) {
    return mark.family() == AddressFamily.IPV6;
  }

  static String option(Protocol protocol) {
    return switch (protocol.number()) {
      case 6 -> "-t";
      case 17 -> "-u";
      case 132 -> "--sctp-service";
      default -> "--xxx-service";
    };
  }

  /** {@code TCP }, as wide as the tool makes it. */
  static String protocolColumn(Protocol protocol) {
    return switch (protocol.number()) {
      case 6, 17 -> protocol + "  ";
      case 132 -> "SCTP ";
      default -> "?    ";
    };
  }

  /** {@code -t 10.96.0.10:80 -s rr -p 10800}. */
  public static String service(VirtualService service) {
    StringBuilder text = new StringBuilder(key(service.key()));
    appendOptions(text, service);
    return text.toString();
  }

  /** {@code -s rr -p 10800}: what stands behind the key. */
  static void appendOptions(StringBuilder text, VirtualService service) {
    text.append(" -s ").append(service.scheduler());
    if (service.flags().has(ServiceFlags.PERSISTENT)) {
      text.append(" -p ").append(Integer.toUnsignedString(service.persistenceSeconds()));
      String mask = mask(service);
      text.append(mask.isEmpty() ? "" : " -M ").append(mask);
    }
    if (!service.persistenceEngine().isEmpty()) {
      text.append(" --pe ").append(service.persistenceEngine());
    }
    if (service.flags().has(ServiceFlags.ONE_PACKET)) {
      text.append(" -o");
    }
    String flags = schedulerFlags(service);
    if (!flags.isEmpty()) {
      text.append(" -b ").append(flags);
    }
  }

  /** {@code 255.255.255.0} or {@code 64}; empty for a single host's. */
  static String mask(VirtualService service) {
    int mask = service.netmask();
    AddressFamily family = service.key().family();
    if (mask == VirtualService.hostMask(family)) {
      return "";
    }
    return family == AddressFamily.IPV6
        ? Integer.toString(mask)
        : (mask >>> 24)
            + "."
            + (mask >>> 16 & 0xff)
            + "."
            + (mask >>> 8 & 0xff)
            + "."
            + (mask & 0xff);
  }

  /** {@code sh-fallback,sh-port}; {@code flag-1} for schedulers without names of their own. */
  public static String schedulerFlags(VirtualService service) {
    StringBuilder text = new StringBuilder();
    List<String> names = flagNames(service.scheduler().name());
    for (int i = 0; i < names.size(); i++) {
      if (service.flags().has(ServiceFlags.SCHEDULER_1 << i)) {
        text.append(text.isEmpty() ? "" : ",").append(names.get(i));
      }
    }
    return text.toString();
  }

  private static List<String> flagNames(String scheduler) {
    return switch (scheduler) {
      case "sh", "mh" -> List.of(scheduler + "-fallback", scheduler + "-port");
      default -> List.of("flag-1", "flag-2", "flag-3");
    };
  }

  /** {@code -t 10.96.0.10:80 -r 10.1.0.1:8080 -m -w 1}. */
  public static String server(ServiceKey key, RealServer server) {
    StringBuilder text = new StringBuilder(key(key));
    text.append(" -r ").append(server.key());
    text.append(' ').append(methodOption(server.method()));
    text.append(" -w ").append(server.weight());
    if (server.upperThreshold() != 0) {
      text.append(" -x ").append(Integer.toUnsignedString(server.upperThreshold()));
    }
    if (server.lowerThreshold() != 0) {
      text.append(" -y ").append(Integer.toUnsignedString(server.lowerThreshold()));
    }
    if (server.method().equals(ForwardingMethod.TUNNEL) && server.tunnel().type() != Tunnel.IPIP) {
      text.append(tunnelOptions(server.tunnel()));
    }
    return text.toString();
  }

  /** A local server's is that of direct routing: the kernel finds out by itself. */
  static String methodOption(ForwardingMethod method) {
    return switch (method.number()) {
      case 0 -> "-m";
      case 1, 3 -> "-g";
      case 2 -> "-i";
      default -> "(null)";
    };
  }

  static String methodColumn(ForwardingMethod method) {
    return switch (method.number()) {
      case 0 -> "Masq";
      case 1 -> "Local";
      case 2 -> "Tunnel";
      case 3 -> "Route";
      default -> "(null)";
    };
  }

  /** {@code --tun-type gue --tun-port 6080 --tun-csum}; empty for a type without a name. */
  static String tunnelOptions(Tunnel tunnel) {
    return switch (tunnel.type()) {
      case Tunnel.IPIP -> " --tun-type ipip";
      case Tunnel.GUE ->
          " --tun-type gue --tun-port " + tunnel.port() + " --tun-" + checksum(tunnel);
      case Tunnel.GRE -> " --tun-type gre --tun-" + checksum(tunnel);
      default -> "";
    };
  }

  private static String checksum(Tunnel tunnel) {
    return switch (tunnel.flags()) {
      case Tunnel.CHECKSUM -> "csum";
      case Tunnel.REMOTE_CHECKSUM -> "remcsum";
      default -> "nocsum";
    };
  }

  /** {@code gue:6080:+c}, or {@code n/a}. */
  static String tunnelColumn(RealServer server) {
    if (!server.method().equals(ForwardingMethod.TUNNEL)) {
      return "n/a";
    }
    Tunnel tunnel = server.tunnel();
    return switch (tunnel.type()) {
      case Tunnel.IPIP -> "ipip";
      case Tunnel.GUE -> "gue:" + tunnel.port() + ":" + shortChecksum(tunnel);
      case Tunnel.GRE -> "gre:" + shortChecksum(tunnel);
      default -> "n/a";
    };
  }

  private static String shortChecksum(Tunnel tunnel) {
    return switch (tunnel.flags()) {
      case Tunnel.CHECKSUM -> "+c";
      case Tunnel.REMOTE_CHECKSUM -> "r+c";
      default -> "-c";
    };
  }
}
