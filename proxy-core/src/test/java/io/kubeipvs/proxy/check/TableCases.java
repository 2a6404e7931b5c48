package io.kubeipvs.proxy.check;

import static io.kubeipvs.proxy.check.CheckCase.bad;

import io.kubeipvs.ipset.ObservedSet;
import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetHeader;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.ipset.SetSpec;
import io.kubeipvs.ipset.SetType;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.check.facts.Balancing;
import io.kubeipvs.proxy.check.facts.Rights;
import io.kubeipvs.proxy.inspect.Part;
import io.kubeipvs.proxy.plan.ipvs.KubeSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What can be wrong in the tables: IPVS, sets, addresses. */
final class TableCases {
  private TableCases() {}

  static Stream<CheckCase> all() {
    Check sets = new SetFillCheck();
    Check binding = new BindingCheck();
    Check vips = new VipsCheck();
    Check servers = new ServersCheck();
    return Stream.of(
        bad(
            "too few buckets",
            new ConnectionTableCheck(),
            Severity.WARNING,
            "24 connections a bucket",
            node ->
                node.balancing =
                    Part.of(GivenNode.table(4096, GivenNode.entry(80, 2, 0, 100_000)))),
        bad(
            "no IPVS",
            new IpvsCheck(),
            Severity.ERROR,
            "no such family",
            node -> node.balancing = Part.missing("no such family")),
        bad(
            "IPVS not to be asked",
            new IpvsCheck(),
            Severity.UNKNOWN,
            "EPERM",
            node -> {
              node.rights = new Rights(0, false);
              node.balancing = Part.missing("EPERM");
            }),
        bad(
            "a set nearly full",
            sets,
            Severity.INFO,
            "9 of 10 entries",
            node -> node.sets.add(nearlyFull())),
        bad(
            "a set of another kind",
            sets,
            Severity.ERROR,
            "KUBE-CLUSTER-IP is a hash:ip",
            node -> node.sets.add(strange())),
        bad(
            "sets unreadable",
            sets,
            Severity.UNKNOWN,
            "EPERM",
            node -> node.readSets = Part.missing("EPERM")),
        bad(
            "both bindings",
            binding,
            Severity.WARNING,
            "1 local routes, 1 addresses on kube-ipvs0",
            node -> node.address(3, "10.96.0.20", 32)),
        bad(
            "kube-proxy's binding",
            binding,
            Severity.INFO,
            "0 local routes, 1 addresses",
            node -> {
              node.routes.clear();
              node.address(3, "10.96.0.10", 32);
            }),
        bad(
            "foreign service",
            new ForeignServicesCheck(),
            Severity.INFO,
            "-t 203.0.113.7:80 -s rr",
            node -> node.balancing = Part.of(GivenNode.table(4096, foreign()))),
        bad(
            "a VIP without a service",
            vips,
            Severity.WARNING,
            "10.96.0.20",
            node -> node.address(3, "10.96.0.20", 32)),
        bad(
            "a service without its VIP",
            vips,
            Severity.ERROR,
            "10.96.0.10",
            node -> node.routes.clear()),
        bad(
            "no servers",
            servers,
            Severity.INFO,
            "TCP 10.96.0.10:80, no servers",
            node -> node.balancing = Part.of(GivenNode.table(4096, GivenNode.entry(80, 0, 0, 0)))),
        bad(
            "all draining",
            servers,
            Severity.INFO,
            "3 draining",
            node -> node.balancing = Part.of(GivenNode.table(4096, GivenNode.entry(80, 3, 3, 1)))),
        bad(
            "drift",
            new DriftCheck(),
            Severity.WARNING,
            "-A -t 10.96.0.11:80",
            node -> node.drift = Part.of(List.of("-A -t 10.96.0.11:80"))),
        bad(
            "nothing to compare with",
            new DriftCheck(),
            Severity.INFO,
            "no daemon",
            node -> node.drift = Part.missing("no daemon")));
  }

  private static Balancing.Entry foreign() {
    ServiceKey key = ServiceKey.of(Protocol.TCP, IpAddress.of("203.0.113.7"), 80);
    return new Balancing.Entry(VirtualService.of(key, Scheduler.ROUND_ROBIN), 1, 0, 0);
  }

  private static ObservedSet nearlyFull() {
    SetSpec spec = KubeSet.CLUSTER_IP.spec(AddressFamily.IPV4);
    SetSpec small = new SetSpec(new SetName("KUBE-IPVS-GROW"), spec.type(), spec.family(), 10);
    Set<SetEntry> entries = new HashSet<>();
    for (int port = 1; port < 10; port++) {
      entries.add(GivenNode.entryOf(GivenNode.VIP, port));
    }
    return ObservedSet.of(SetHeader.made(small).withName(small.name()), entries);
  }

  private static ObservedSet strange() {
    SetSpec spec = KubeSet.CLUSTER_IP.spec(AddressFamily.IPV4);
    SetSpec other = new SetSpec(spec.name(), SetType.HASH_IP, spec.family(), 65536);
    return ObservedSet.of(SetHeader.made(other), Set.of());
  }
}
