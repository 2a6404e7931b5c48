package io.kubeipvs.proxy.check;

import io.kubeipvs.proxy.check.facts.NodeFacts;
import io.kubeipvs.proxy.config.ProxyMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All questions, in the order of a report: from the machine to what is in its kernel now. */
public final class Checks {
  static final List<Check> ALL =
      List.of(
          new KernelCheck(),
          new ModeCheck(),
          new ModulesCheck(),
          new IpvsCheck(),
          new SchedulerCheck(),
          new RightsCheck(),
          new SysctlCheck(),
          new PortReuseCheck(),
          new Ipv6ForwardingCheck(),
          new BridgeCheck(),
          new ReturnPathCheck(),
          new LocalnetCheck(),
          new ArpCheck(),
          new PortRangeCheck(),
          new VxlanCheck(),
          new EstimationCheck(),
          new DefenceCheck(),
          new TrackingTableCheck(),
          new ConnectionTableCheck(),
          new SetFillCheck(),
          new ToolsCheck(),
          new VariantsCheck(),
          new LockCheck(),
          new PolicyCheck(),
          new OtherProxyCheck(),
          new LeftoverRulesCheck(),
          new BindingCheck(),
          new ForeignServicesCheck(),
          new VipsCheck(),
          new ServersCheck(),
          new NodePortSocketCheck(),
          new ApiCheck(),
          new ClockCheck(),
          new DriftCheck());

  /** About what iptables mode does not use. */
  private static final Set<Class<? extends Check>> OF_IPVS_MODE =
      Set.of(
          ModulesCheck.class,
          IpvsCheck.class,
          SchedulerCheck.class,
          PortReuseCheck.class,
          ArpCheck.class,
          EstimationCheck.class,
          DefenceCheck.class,
          ConnectionTableCheck.class,
          SetFillCheck.class,
          BindingCheck.class,
          ForeignServicesCheck.class,
          VipsCheck.class,
          ServersCheck.class);

  /** What has to be known about modules. */
  public static final Set<String> MODULES =
      Stream.concat(ModulesCheck.NEEDED.stream(), ServedFamilies.MODULES.stream())
          .collect(Collectors.toUnmodifiableSet());

  private Checks() {}

  public static Report look(NodeFacts facts) {
    List<Finding> findings = new ArrayList<>();
    ALL.stream()
        .filter(check -> isOf(facts.wanted().mode(), check))
        .forEach(check -> findings.addAll(check.look(facts)));
    return new Report(findings);
  }

  private static boolean isOf(ProxyMode mode, Check check) {
    return mode == ProxyMode.IPVS || !OF_IPVS_MODE.contains(check.getClass());
  }
}
