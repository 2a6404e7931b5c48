package io.kubeipvs.ipvs;

import java.util.List;

/**
 * The lines of {@code ipvsadm -S -n}. They are not {@link IpvsadmText}'s: what the tool saves lacks
 * thresholds, names the type of every tunnel, and prints marks signed.
 */
final class IpvsadmRules {
  private IpvsadmRules() {}

  static void append(StringBuilder text, VirtualService service, List<ObservedServer> servers) {
    String key = key(service.key());
    text.append("-A ").append(key);
    IpvsadmText.appendOptions(text, service);
    text.append('\n');
    for (ObservedServer server : servers) {
      text.append("-a ").append(key);
      append(text, server.server());
      text.append('\n');
    }
  }

  private static String key(ServiceKey key) {
    return key instanceof ServiceKey.FirewallMark mark
        ? "-f " + mark.mark() + (IpvsadmText.isIpv6(mark) ? " -6" : "")
        : IpvsadmText.key(key);
  }

  private static void append(StringBuilder text, RealServer server) {
    text.append(" -r ").append(server.key());
    text.append(' ').append(IpvsadmText.methodOption(server.method()));
    text.append(" -w ").append(server.weight());
    if (server.method().equals(ForwardingMethod.TUNNEL)) {
      text.append(IpvsadmText.tunnelOptions(server.tunnel()));
    }
  }
}
