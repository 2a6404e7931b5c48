package io.kubeipvs.proxy.sync;

import io.kubeipvs.ipset.FakeIpSets;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.iptables.FakeIptables;
import io.kubeipvs.iptables.Family;
import io.kubeipvs.iptables.Iptables;
import io.kubeipvs.ipvs.FakeIpvs;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.conntrack.FakeConntrack;
import io.kubeipvs.netlink.route.FakeRoutes;
import io.kubeipvs.netlink.route.Link;
import io.kubeipvs.netlink.route.LinkAddress;
import io.kubeipvs.netlink.route.RouteCommand;
import io.kubeipvs.proxy.apply.Kernel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A whole kernel in memory, of the modules' honest fakes. */
public final class FakeKernel {
  public final FakeIpvs ipvs = new FakeIpvs();
  public final FakeIpSets sets = new FakeIpSets();
  public final FakeRoutes routes = new FakeRoutes();
  public final FakeConntrack conntrack = new FakeConntrack();
  public final FakeIptables iptables = new FakeIptables(Family.IPV4, this::hasSet);
  public final FakeIptables ip6tables = new FakeIptables(Family.IPV6, this::hasSet);

  private boolean ipv6 = true;

  public Kernel gateways() {
    Map<AddressFamily, Iptables> tools = new EnumMap<>(AddressFamily.class);
    tools.put(AddressFamily.IPV4, iptables);
    if (ipv6) {
      tools.put(AddressFamily.IPV6, ip6tables);
    }
    return new Kernel(ipvs, sets, routes, conntrack, tools);
  }

  /** A node whose kernel was told to do without IPv6. */
  public FakeKernel withoutIpv6() {
    ipv6 = false;
    return this;
  }

  private boolean hasSet(String name) {
    try {
      return sets.list(new SetName(name)).isPresent();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A real device with those addresses. */
  public void addDevice(String name, String... addresses) {
    Link link = routes.addLink(name, "", true);
    for (String address : addresses) {
      IpAddress parsed = IpAddress.of(address);
      LinkAddress onLink = new LinkAddress(link.index(), parsed, parsed.family().bits());
      routes.execute(List.of(new RouteCommand.AddAddress(name, onLink)));
    }
    routes.forgetExecuted();
  }

  /** All addresses of all links, as text, in order. */
  public List<String> addresses() {
    return Stream.of(AddressFamily.values())
        .flatMap(family -> routes.addresses(family).stream())
        .map(address -> address.address() + "/" + address.prefixLength())
        .sorted()
        .toList();
  }

  /** Requests that changed something, of all parts. */
  public int writes() {
    return ipvs.writes()
        + sets.writes()
        + routes.executed().size()
        + iptables.restored().size()
        + ip6tables.restored().size();
  }
}
