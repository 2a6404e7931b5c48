package io.kubeipvs.ipvs;

import java.util.List;

/**
 * The lines of {@code ipvsadm -S}. They are not {@link IpvsadmText}'s: what the tool saves lacks
 * thresholds, names the type of every tunnel, and prints marks signed.
 */
final class IpvsadmRules {
  private IpvsadmRules() {}

  static void append(
      StringBuilder text,
      VirtualService service,
      List<ObservedServer> servers,
      IpvsadmNaming naming) {
    String key = key(service.key(), naming);
    text.append("-A ").append(key);
    IpvsadmText.appendOptions(text, service);
    text.append('\n');
    for (ObservedServer server : servers) {
      text.append("-a ").append(key);
      append(text, server.server(), naming.server(server.server().key(), service.key()));
      text.append('\n');
    }
  }

  private static String key(ServiceKey key, IpvsadmNaming naming) {
    if (key instanceof ServiceKey.FirewallMark mark) {
      return "-f " + mark.mark() + (IpvsadmText.isIpv6(mark) ? " -6" : "");
    }
    ServiceKey.Address address = (ServiceKey.Address) key;
    return IpvsadmText.option(address.protocol()) + " " + naming.service(address);
  }

  private static void append(StringBuilder text, RealServer server, String name) {
    text.append(" -r ").append(name);
    text.append(' ').append(IpvsadmText.methodOption(server.method()));
    text.append(" -w ").append(server.weight());
    if (server.method().equals(ForwardingMethod.TUNNEL)) {
      text.append(IpvsadmText.tunnelOptions(server.tunnel()));
    }
  }
}
