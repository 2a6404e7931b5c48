package io.kubeipvs.proxy.check;

import static io.kubeipvs.proxy.check.CheckCase.bad;

import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.netlink.route.Link;
import io.kubeipvs.proxy.check.facts.Modules;
import io.kubeipvs.proxy.check.facts.Rights;
import io.kubeipvs.proxy.check.facts.Wanted;
import io.kubeipvs.proxy.inspect.Part;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What can be wrong with the machine: its kernel and modules, our rights, the clock. */
final class MachineCases {
  private MachineCases() {}

  static Stream<CheckCase> all() {
    Check modules = new ModulesCheck();
    Check scheduler = new SchedulerCheck();
    Check rights = new RightsCheck();
    Check clock = new ClockCheck();
    return Stream.of(
        bad(
            "old kernel",
            new KernelCheck(),
            Severity.WARNING,
            "kernel 4.4.0",
            node -> node.release = "4.4.0"),
        bad(
            "unreadable version",
            new KernelCheck(),
            Severity.UNKNOWN,
            "'custom'",
            node -> node.release = "custom"),
        bad(
            "served by iptables instead of IPVS",
            new ModeCheck(),
            Severity.WARNING,
            "no IPVS here",
            node -> node.wanted = Wanted.iptables(Optional.of("no IPVS here"), false, true)),
        bad(
            "module not in the lists",
            modules,
            Severity.ERROR,
            "ip_set_hash_ip",
            node -> node.modules.put("ip_set_hash_ip", Modules.State.ABSENT)),
        bad(
            "module not loaded",
            modules,
            Severity.WARNING,
            "could be loaded: nf_conntrack_netlink",
            node -> node.modules.put("nf_conntrack_netlink", Modules.State.LOADABLE)),
        bad(
            "IPVS not loaded",
            modules,
            Severity.WARNING,
            "could be loaded: ip_vs",
            node -> {
              node.modules.put("ip_vs", Modules.State.LOADABLE);
              node.balancing = Part.missing("no family IPVS");
            }),
        bad(
            "module unknown",
            modules,
            Severity.INFO,
            "no /lib/modules",
            node -> node.modules.remove("ip_set_hash_ip")),
        bad(
            "no such scheduler",
            scheduler,
            Severity.ERROR,
            "ip_vs_mh",
            node -> {
              node.wanted = Wanted.ipvs(new Scheduler("mh"), false, false);
              node.modules.put("ip_vs_mh", Modules.State.ABSENT);
            }),
        bad(
            "scheduler not loaded",
            scheduler,
            Severity.INFO,
            "ip_vs_wrr could be loaded",
            node -> {
              node.wanted = Wanted.ipvs(new Scheduler("wrr"), false, false);
              node.modules.put("ip_vs_wrr", Modules.State.LOADABLE);
            }),
        bad(
            "no NET_ADMIN",
            rights,
            Severity.ERROR,
            "CapEff: 0000000000000000",
            node -> node.rights = new Rights(0, true)),
        bad(
            "no NET_RAW",
            rights,
            Severity.WARNING,
            "CapEff: 0000000000001000",
            node -> node.rights = new Rights(1 << Rights.NET_ADMIN, true)),
        bad(
            "read-only settings",
            rights,
            Severity.INFO,
            "read-only",
            node -> node.rights = new Rights(-1, false)),
        bad(
            "vxlan on an old kernel",
            new VxlanCheck(),
            Severity.INFO,
            "flannel.1",
            node -> {
              node.release = "4.18.0-147.el8";
              node.links.add(new Link(9, "flannel.1", "vxlan", true));
            }),
        bad(
            "one timer for many services",
            new EstimationCheck(),
            Severity.INFO,
            "6001 services and servers",
            node ->
                node.balancing = Part.of(GivenNode.table(4096, GivenNode.entry(80, 6000, 0, 0)))),
        bad("clock not set", clock, Severity.ERROR, "1970-01-01", node -> node.now = Instant.EPOCH),
        bad(
            "clock behind",
            clock,
            Severity.WARNING,
            "90 s behind",
            node ->
                node.api = GivenNode.api(Optional.empty(), List.of(), Duration.ofSeconds(-90))));
  }
}
