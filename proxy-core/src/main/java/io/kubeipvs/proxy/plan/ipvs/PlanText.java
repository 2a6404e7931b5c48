package io.kubeipvs.proxy.plan.ipvs;

import io.kubeipvs.ipvs.IpvsadmText;
import io.kubeipvs.proxy.plan.PlannedService;
import io.kubeipvs.proxy.plan.Portal;
import io.kubeipvs.proxy.plan.ServicePlan;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Plans as the tools would show the kernel's state, as if no claim were contested. Lines are sorted
 * as texts and each is there once, whoever asks for it.
 */
public final class PlanText {
  private PlanText() {}

  /** Lines of {@code ipvsadm -S -n}. */
  public static SortedSet<String> ipvsadm(Collection<ServicePlan> plans) {
    SortedSet<String> lines = new TreeSet<>();
    for (ServicePlan plan : plans) {
      for (Portal portal : plan.portals()) {
        portal.services().values().forEach(service -> add(service, lines));
      }
    }
    return lines;
  }

  private static void add(PlannedService planned, SortedSet<String> lines) {
    lines.add("-A " + IpvsadmText.service(planned.service()));
    planned
        .servers()
        .values()
        .forEach(server -> lines.add("-a " + IpvsadmText.server(planned.service().key(), server)));
  }

  /** The {@code add} lines of {@code ipset save}. */
  public static SortedSet<String> ipset(Collection<ServicePlan> plans) {
    SortedSet<String> lines = new TreeSet<>();
    for (ServicePlan plan : plans) {
      for (Portal portal : plan.portals()) {
        portal.members().forEach(member -> lines.add(member.toString()));
      }
    }
    return lines;
  }
}
