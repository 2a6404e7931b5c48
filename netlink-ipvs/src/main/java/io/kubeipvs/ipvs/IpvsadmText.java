package io.kubeipvs.ipvs;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.Protocol;

/** Values in the syntax of {@code ipvsadm -S -n}, which {@code ipvsadm -R} reads back. */
public final class IpvsadmText {
  private IpvsadmText() {}

  /** {@code -t 10.96.0.10:80} or {@code -f 7 -6}. */
  public static String key(ServiceKey key) {
    if (key instanceof ServiceKey.FirewallMark mark) {
      return "-f "
          + Integer.toUnsignedString(mark.mark())
          + (mark.family() == AddressFamily.IPV6 ? " -6" : "");
    }
    ServiceKey.Address address = (ServiceKey.Address) key;
    return option(address.protocol()) + " " + address.address().withPort(address.port());
  }

  private static String option(Protocol protocol) {
    if (protocol.equals(Protocol.UDP)) {
      return "-u";
    }
    return protocol.equals(Protocol.SCTP) ? "--sctp-service" : "-t";
  }

  /** {@code -t 10.96.0.10:80 -s rr -p 10800}. */
  public static String service(VirtualService service) {
    StringBuilder text = new StringBuilder(key(service.key()));
    text.append(" -s ").append(service.scheduler());
    if (service.flags().has(ServiceFlags.PERSISTENT)) {
      text.append(" -p ").append(Integer.toUnsignedString(service.persistenceSeconds()));
      text.append(netmask(service));
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
    return text.toString();
  }

  private static String netmask(VirtualService service) {
    AddressFamily family = service.key().family();
    if (service.netmask() == VirtualService.hostMask(family)) {
      return "";
    }
    if (family == AddressFamily.IPV6) {
      return " -M " + service.netmask();
    }
    int mask = service.netmask();
    return " -M "
        + (mask >>> 24)
        + "."
        + (mask >>> 16 & 0xff)
        + "."
        + (mask >>> 8 & 0xff)
        + "."
        + (mask & 0xff);
  }

  /** {@code sh-fallback,sh-port}; {@code flag-1} for schedulers without names of their own. */
  public static String schedulerFlags(VirtualService service) {
    String scheduler = service.scheduler().name();
    boolean named = scheduler.equals("sh") || scheduler.equals("mh");
    StringBuilder text = new StringBuilder();
    int[] bits = {ServiceFlags.SCHEDULER_1, ServiceFlags.SCHEDULER_2, ServiceFlags.SCHEDULER_3};
    String[] names = {"fallback", "port", ""};
    for (int i = 0; i < bits.length; i++) {
      if (service.flags().has(bits[i])) {
        text.append(text.isEmpty() ? "" : ",");
        text.append(named && i < 2 ? scheduler + "-" + names[i] : "flag-" + (i + 1));
      }
    }
    return text.toString();
  }

  /** {@code -t 10.96.0.10:80 -r 10.1.0.1:8080 -m -w 1}. */
  public static String server(ServiceKey key, RealServer server) {
    StringBuilder text = new StringBuilder(key(key));
    text.append(" -r ").append(server.key());
    text.append(" -").append(method(server.method()));
    text.append(" -w ").append(server.weight());
    if (server.upperThreshold() != 0) {
      text.append(" -x ").append(Integer.toUnsignedString(server.upperThreshold()));
    }
    if (server.lowerThreshold() != 0) {
      text.append(" -y ").append(Integer.toUnsignedString(server.lowerThreshold()));
    }
    return text.append(tunnel(server)).toString();
  }

  private static char method(ForwardingMethod method) {
    if (method.equals(ForwardingMethod.DIRECT_ROUTE)) {
      return 'g';
    }
    return method.equals(ForwardingMethod.TUNNEL) ? 'i' : 'm';
  }

  private static String tunnel(RealServer server) {
    Tunnel tunnel = server.tunnel();
    if (!server.method().equals(ForwardingMethod.TUNNEL) || tunnel.type() == Tunnel.IPIP) {
      return "";
    }
    String checksum =
        switch (tunnel.flags()) {
          case Tunnel.CHECKSUM -> " --tun-csum";
          case Tunnel.REMOTE_CHECKSUM -> " --tun-remcsum";
          default -> " --tun-nocsum";
        };
    return tunnel.type() == Tunnel.GUE
        ? " --tun-type gue --tun-port " + tunnel.port() + checksum
        : " --tun-type gre" + checksum;
  }
}
