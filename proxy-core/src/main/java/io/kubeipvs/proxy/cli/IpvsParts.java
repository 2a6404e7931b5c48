package io.kubeipvs.proxy.cli;

import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.ipset.SetSpec;
import io.kubeipvs.ipset.SetType;
import io.kubeipvs.iptables.ChainKey;
import io.kubeipvs.iptables.Iptables;
import io.kubeipvs.iptables.IptablesException;
import io.kubeipvs.iptables.Match;
import io.kubeipvs.iptables.Match.Direction;
import io.kubeipvs.iptables.Rule;
import io.kubeipvs.iptables.RuleDiffer;
import io.kubeipvs.iptables.RuleSet;
import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.iptables.Table;
import io.kubeipvs.iptables.Target.Verdict;
import io.kubeipvs.ipvs.Ipvs;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.Errno;
import io.kubeipvs.netlink.NetlinkException;
import io.kubeipvs.netlink.route.Routes;
import io.kubeipvs.proxy.apply.Kernel;
import io.kubeipvs.proxy.config.SysctlFiles;
import io.kubeipvs.proxy.plan.ipvs.KubeSets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What IPVS mode needs beside IPVS itself: the types of sets, rules that look into them, connection
 * tracking of what IPVS forwards, a scheduler, and dummy devices. A module that is there proves it;
 * where that cannot be seen, a set and a rule in a chain that nothing leads to are made for a
 * moment.
 */
final class IpvsParts {
  private static final SetName PROBE = new SetName("KUBE-IPVS-PROBE");
  private static final ChainKey CHAIN = ChainKey.of(Table.FILTER, "KUBE-IPVS-PROBE");
  private static final Path RULES_MODULE = Path.of("/sys/module/xt_set");

  /** Not the proxy's own: by that others tell that IPVS serves here. */
  private static final String PROBE_DEVICE = "kube-ipvs-probe";

  private static final Path DEVICE_MODULE = Path.of("/sys/module/dummy");

  private IpvsParts() {}

  static void require(Kernel kernel) throws IOException, MissingKernelPartException {
    for (AddressFamily family : kernel.iptables().keySet()) {
      for (SetSpec spec : KubeSets.of(family)) {
        requireType(kernel, spec);
      }
    }
    if (!Files.exists(RULES_MODULE)) {
      tryRules(kernel);
    }
    requireTracking(new SysctlFiles());
    if (!Files.exists(DEVICE_MODULE)) {
      requireDevice(kernel.routes());
    }
  }

  /** Of all settings of IPVS, this one is there only where the kernel was built with it. */
  static void requireTracking(SysctlFiles sysctls) throws IOException, MissingKernelPartException {
    List<String> names = sysctls.names("net/ipv4/vs");
    if (!names.isEmpty() && !names.contains("conntrack")) {
      throw new MissingKernelPartException(
          "This kernel's IPVS does not work with connection tracking (CONFIG_IP_VS_NFCT): use a kernel whose IPVS does.");
    }
  }

  static void requireScheduler(Ipvs ipvs, Scheduler scheduler)
      throws IOException, MissingKernelPartException {
    if (!Preflight.offers(ipvs, scheduler)) {
      throw new MissingKernelPartException(
          "This kernel lacks the scheduler %s: load the module ip_vs_%s on the node, or choose another (--ipvs-scheduler)."
              .formatted(scheduler, scheduler));
    }
  }

  /** Nothing else tells whether the kernel makes such devices. */
  static void requireDevice(Routes routes) throws IOException, MissingKernelPartException {
    if (routes.link(Wiring.DEVICE).isPresent()) {
      return;
    }
    try {
      routes.deleteLink(routes.addDummy(PROBE_DEVICE));
    } catch (NetlinkException e) {
      if (!e.is(Errno.EOPNOTSUPP)) {
        throw e;
      }
      throw new MissingKernelPartException(
          "This kernel has no dummy devices (%s): load the module dummy on the node (modprobe dummy), or use a kernel that has it."
              .formatted(e.getMessage()));
    }
  }

  private static void requireType(Kernel kernel, SetSpec spec)
      throws IOException, MissingKernelPartException {
    try {
      kernel.sets().requireType(spec);
    } catch (NetlinkException e) {
      if (!KernelLack.ofSetType(e)) {
        throw e;
      }
      throw new MissingKernelPartException(
          "This kernel lacks sets of a type that IPVS mode needs (%s): load the module on the node, or use a kernel that has it."
              .formatted(e.getMessage()));
    }
  }

  static void tryRules(Kernel kernel) throws IOException, MissingKernelPartException {
    AddressFamily family = new TreeSet<>(kernel.iptables().keySet()).first();
    SetSpec probe = new SetSpec(PROBE, SetType.HASH_IP, family, 1024);
    Iptables iptables = kernel.iptables().get(family);
    // One that was left where a start was killed at this point; mostly there is none.
    kernel.sets().execute(List.of(new SetCommand.Destroy(PROBE)));
    if (iptables == null
        || !kernel.sets().execute(List.of(new SetCommand.Create(probe))).isEmpty()) {
      return; // the first sync says it better
    }
    RuleSet rules =
        RuleSet.of(
            iptables.family(),
            Map.of(
                CHAIN, List.of(Rule.of(Verdict.RETURN, Match.inSet(PROBE.value(), Direction.DST)))),
            List.of());
    try {
      requireRules(iptables, rules);
    } finally {
      kernel.sets().execute(List.of(new SetCommand.Destroy(PROBE)));
    }
  }

  /**
   * It is for the sets where the rule is refused, the same chain without it is taken, and the rule
   * is refused again. Anything else may pass.
   */
  private static void requireRules(Iptables iptables, RuleSet rules)
      throws IOException, MissingKernelPartException {
    try {
      makeAndRemove(iptables, rules);
    } catch (IptablesException e) {
      makeAndRemove(iptables, RuleSet.of(iptables.family(), Map.of(CHAIN, List.of()), List.of()));
      try {
        makeAndRemove(iptables, rules);
      } catch (IptablesException again) {
        throw new MissingKernelPartException(
            "This kernel's iptables cannot look into sets (%s): load the module xt_set on the node (modprobe xt_set), or use a kernel that has it."
                .formatted(again.getMessage()));
      }
    }
  }

  private static void makeAndRemove(Iptables iptables, RuleSet rules) throws IOException {
    iptables.restore(RuleDiffer.diff(rules, SavedRules.NONE));
    iptables.restore(RuleDiffer.diff(rules.removal(), SavedRules.of(rules)));
  }
}
