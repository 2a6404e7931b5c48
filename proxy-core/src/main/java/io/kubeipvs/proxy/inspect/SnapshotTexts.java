package io.kubeipvs.proxy.inspect;

import io.kubeipvs.ipset.ObservedSet;
import io.kubeipvs.ipset.SetText;
import io.kubeipvs.ipvs.IpvsConnection;
import io.kubeipvs.ipvs.IpvsadmListing;
import io.kubeipvs.ipvs.ObservedService;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.conntrack.Flow;
import io.kubeipvs.netlink.route.Link;
import io.kubeipvs.netlink.route.LinkAddress;
import io.kubeipvs.netlink.route.RouteCommand;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** A snapshot as files people know how to read: as the tools would have printed it. */
public final class SnapshotTexts {
  private final Map<String, String> files = new LinkedHashMap<>();

  private SnapshotTexts() {}

  /** Texts by name. What is missing says why. */
  public static Map<String, String> of(Snapshot snapshot) {
    SnapshotTexts texts = new SnapshotTexts();
    KernelState kernel = snapshot.kernel();
    texts.put("settings.txt", Part.of(snapshot), SnapshotTexts::settings);
    texts.put("ipvsadm-save.txt", kernel.ipvs(), table -> listing(table, IpvsadmListing.SAVE));
    texts.put("ipvsadm-list.txt", kernel.ipvs(), table -> listing(table, IpvsadmListing.LIST));
    texts.put(
        "ipvsadm-stats.txt",
        kernel.ipvs(),
        table ->
            listing(
                table, new IpvsadmListing(IpvsadmListing.View.STATISTICS, true, Optional.empty())));
    texts.put(
        "ipvsadm-rates.txt",
        kernel.ipvs(),
        table ->
            listing(table, new IpvsadmListing(IpvsadmListing.View.RATES, true, Optional.empty())));
    texts.put("ip_vs_conn.txt", kernel.connections(), SnapshotTexts::connections);
    texts.put("ipset-save.txt", kernel.sets(), SnapshotTexts::sets);
    texts.put("ip-address.txt", kernel.routing(), SnapshotTexts::addresses);
    texts.put("ip-route-local.txt", kernel.routing(), SnapshotTexts::routes);
    texts.put("iptables-save.txt", kernel.rules(), r -> rules(r, AddressFamily.IPV4));
    texts.put("ip6tables-save.txt", kernel.rules(), r -> rules(r, AddressFamily.IPV6));
    texts.put("conntrack.txt", kernel.flows(), SnapshotTexts::flows);
    texts.put("sysctl.txt", Part.of(kernel), SnapshotTexts::sysctls);
    return texts.files;
  }

  private <T> void put(String name, Part<T> part, Function<T, String> text) {
    files.put(name, part.value().map(text).orElse("missing: " + part.missing() + "\n"));
  }

  private static String settings(Snapshot snapshot) {
    StringBuilder text = new StringBuilder();
    text.append("taken ").append(snapshot.taken()).append('\n');
    text.append("by ").append(snapshot.program()).append('\n');
    text.append("kernel ").append(snapshot.kernel().release()).append('\n');
    text.append("Services: ")
        .append(
            snapshot
                .cluster()
                .map(Cluster::origin)
                .orElse("missing: " + snapshot.cluster().missing()))
        .append('\n');
    snapshot
        .kernel()
        .rules()
        .orElse(List.of())
        .forEach(rules -> text.append("tool ").append(rules.tool()).append('\n'));
    snapshot.flags().forEach(flag -> text.append(flag).append('\n'));
    return text.toString();
  }

  private static String listing(IpvsTable table, IpvsadmListing listing) {
    return listing.text(
        table.info(),
        table.entries().stream()
            .map(
                entry ->
                    new IpvsadmListing.Entry(
                        new ObservedService(entry.service(), entry.statistics()), entry.servers()))
            .toList());
  }

  private static String connections(List<IpvsConnection> connections) {
    StringBuilder text = new StringBuilder("protocol client virtual server state expires\n");
    for (IpvsConnection c : connections) {
      text.append(
          "%s %s %s %s %s %d%n"
              .formatted(
                  c.protocolName(),
                  c.client().withPort(c.clientPort()),
                  c.virtual().withPort(c.virtualPort()),
                  c.server().withPort(c.serverPort()),
                  c.state(),
                  c.expiresSeconds()));
    }
    return text.toString();
  }

  private static String sets(List<ObservedSet> sets) {
    return SetText.of(sets);
  }

  private static String addresses(Routing routing) {
    Map<Integer, String> names = new TreeMap<>();
    for (Link link : routing.links()) {
      names.put(link.index(), link.name());
    }
    StringBuilder text = new StringBuilder();
    for (Link link : routing.links()) {
      text.append(link.index()).append(": ").append(link.name());
      text.append(' ').append(link.kind()).append(link.up() ? " up" : " down").append('\n');
    }
    for (LinkAddress address : routing.addresses()) {
      String device = names.getOrDefault(address.linkIndex(), "?");
      text.append(address).append(" dev ").append(device).append('\n');
    }
    return text.toString();
  }

  private static String routes(Routing routing) {
    StringBuilder text = new StringBuilder();
    routing.routes().forEach(route -> text.append(new RouteCommand.AddRoute(route)).append('\n'));
    return text.toString();
  }

  private static String rules(List<ToolRules> rules, AddressFamily family) {
    StringBuilder text = new StringBuilder();
    for (ToolRules each : rules) {
      if (each.family() == family) {
        text.append("# ").append(each.tool()).append('\n').append(each.saved().text());
        each.saved().notes().forEach(note -> text.append("# ").append(note).append('\n'));
      }
    }
    return text.toString();
  }

  private static String flows(List<Flow> flows) {
    StringBuilder text = new StringBuilder();
    flows.forEach(flow -> text.append(flow).append('\n'));
    return text.toString();
  }

  private static String sysctls(KernelState kernel) {
    StringBuilder text = new StringBuilder();
    kernel
        .sysctls()
        .forEach(
            (name, value) ->
                text.append(name.replace('/', '.')).append(" = ").append(value).append('\n'));
    return text.toString();
  }
}
