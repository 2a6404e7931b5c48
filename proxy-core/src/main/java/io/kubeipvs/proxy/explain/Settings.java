package io.kubeipvs.proxy.explain;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.Protocol;
import java.util.ArrayList;
import java.util.List;

/** Which settings of the kernel the answer depends on. */
final class Settings {
  private final Facts facts;

  Settings(Facts facts) {
    this.facts = facts;
  }

  List<Setting> of(Packet packet, List<Outcome> outcomes) {
    List<Setting> settings = new ArrayList<>();
    boolean forwards =
        outcomes.stream()
            .anyMatch(
                each ->
                    each.fate() instanceof Fate.Forwarded
                        || (each.fate() instanceof Fate.Delivered to && !to.local()));
    if (forwards) {
      add(
          settings,
          forwarding(packet.family()),
          "with 0 neither packets nor answers go through here");
    }
    boolean balanced =
        outcomes.stream()
            .flatMap(each -> each.steps().stream())
            .anyMatch(step -> step.place().equals(Balancing.PLACE));
    if (balanced) {
      ofBalancing(settings, packet);
    }
    if (!packet.in().isEmpty() && packet.family() == AddressFamily.IPV4) {
      ofDevice(settings, packet.in());
    }
    if (packet.destination().isLoopback()) {
      add(settings, "net/ipv4/conf/all/route_localnet", "with 0 only this host reaches loopback");
    }
    return settings;
  }

  private void ofBalancing(List<Setting> settings, Packet packet) {
    add(settings, "net/ipv4/vs/conntrack", "with 0 no rule masquerades what IPVS forwards");
    if (packet.sourcePort() != 0 && packet.protocol().equals(Protocol.TCP)) {
      add(
          settings,
          "net/ipv4/vs/conn_reuse_mode",
          "with 1 a client's port that is used again may get another server");
    }
    add(
        settings,
        "net/ipv4/vs/expire_nodest_conn",
        "with 1 a connection whose server is deleted ends at once");
  }

  private void ofDevice(List<Setting> settings, String device) {
    String own = "net/ipv4/conf/" + device + "/rp_filter";
    String effect = "with 1 a packet must come in by the device that leads back to its source";
    add(settings, "net/ipv4/conf/all/rp_filter", effect);
    if (facts.sysctl(own).isPresent()) {
      add(settings, own, effect);
    }
    boolean bridged = facts.link(device).filter(link -> link.kind().equals("bridge")).isPresent();
    if (bridged) {
      add(
          settings,
          "net/bridge/bridge-nf-call-iptables",
          "with 0 answers between pods of one bridge are not translated back");
    }
  }

  private static String forwarding(AddressFamily family) {
    return family == AddressFamily.IPV4 ? "net/ipv4/ip_forward" : "net/ipv6/conf/all/forwarding";
  }

  private void add(List<Setting> settings, String path, String effect) {
    String value = facts.sysctls().get(path);
    if (value != null) {
      settings.add(new Setting(path.replace('/', '.'), value, effect));
    }
  }
}
