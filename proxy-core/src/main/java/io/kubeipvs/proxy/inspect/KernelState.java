package io.kubeipvs.proxy.inspect;

import io.kubeipvs.ipset.ObservedSet;
import io.kubeipvs.ipvs.IpvsConnection;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.conntrack.Flow;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the kernel holds, as far as it was read.
 *
 * @param release {@code 6.1.0-18-amd64}
 * @param ipv6 false where the kernel was told to do without
 * @param sets all there are, ours and others'
 * @param rules one for each family
 * @param connections of IPVS, and its templates of persistence
 * @param flows of TCP, UDP and SCTP, as conntrack has them
 * @param schedulers names of those of IPVS that are loaded, built in, or can be loaded
 * @param sysctls {@code net/ipv4/vs/conntrack} and others that matter, with their values
 * @param listeners sockets of this host that take connections, or datagrams of anybody
 * @param recentClients whom {@code -m recent} remembers
 */
public record KernelState(
    String release,
    boolean ipv6,
    Part<IpvsTable> ipvs,
    Part<List<ObservedSet>> sets,
    Part<Routing> routing,
    Part<List<ToolRules>> rules,
    Part<List<IpvsConnection>> connections,
    Part<List<Flow>> flows,
    Part<List<String>> schedulers,
    SortedMap<String, String> sysctls,
    Part<List<Listener>> listeners,
    Part<List<RecentClient>> recentClients) {

  /** Without what listens, and whom rules remember. */
  public KernelState(
      String release,
      boolean ipv6,
      Part<IpvsTable> ipvs,
      Part<List<ObservedSet>> sets,
      Part<Routing> routing,
      Part<List<ToolRules>> rules,
      Part<List<IpvsConnection>> connections,
      Part<List<Flow>> flows,
      Part<List<String>> schedulers,
      SortedMap<String, String> sysctls) {
    this(
        release,
        ipv6,
        ipvs,
        sets,
        routing,
        rules,
        connections,
        flows,
        schedulers,
        sysctls,
        Part.missing("not read"),
        Part.missing("not read"));
  }

  /** One of which nothing is known, for that reason. */
  public static KernelState unknown(String reason) {
    return new KernelState(
        "",
        true,
        Part.missing(reason),
        Part.missing(reason),
        Part.missing(reason),
        Part.missing(reason),
        Part.missing(reason),
        Part.missing(reason),
        Part.missing(reason),
        Collections.emptySortedMap());
  }

  public KernelState {
    sysctls = Collections.unmodifiableSortedMap(new TreeMap<>(sysctls));
  }

  /** The same with another table. */
  public KernelState with(IpvsTable table) {
    return new KernelState(
        release,
        ipv6,
        Part.of(table),
        sets,
        routing,
        rules,
        connections,
        flows,
        schedulers,
        sysctls);
  }

  /** The same with tables that hold no rules. */
  public KernelState withoutRules() {
    return new KernelState(
        release,
        ipv6,
        ipvs,
        sets,
        routing,
        rules.map(all -> all.stream().map(ToolRules::withoutRules).toList()),
        connections,
        flows,
        schedulers,
        sysctls,
        listeners,
        recentClients);
  }

  /** The families a proxy serves there: those with a tool, where that is known. */
  public Set<AddressFamily> families() {
    EnumSet<AddressFamily> shown = EnumSet.noneOf(AddressFamily.class);
    rules.value().orElse(List.of()).forEach(each -> shown.add(each.family()));
    if (!shown.isEmpty()) {
      return shown;
    }
    return ipv6 ? EnumSet.allOf(AddressFamily.class) : EnumSet.of(AddressFamily.IPV4);
  }
}
