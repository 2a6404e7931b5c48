package io.kubeipvs.proxy.apply;

import io.kubeipvs.ipvs.CommandFailure;
import io.kubeipvs.ipvs.Ipvs;
import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.Errno;
import java.io.IOException;
import java.util.List;

/**
 * Whether the kernel offers a scheduler. There is no request that asks; so a virtual service that
 * nobody can reach is made with it for a moment, which also lets the kernel load the module. Any
 * other sign is less sure: a list of modules lacks what is built in, and what could be loaded.
 */
public final class SchedulerProbe {
  /**
   * A documentation address (RFC 5737) and port nobody serves, as kube-proxy uses for its probe.
   */
  private static final ServiceKey KEY =
      ServiceKey.of(Protocol.TCP, IpAddress.of("198.51.100.0"), 20000);

  private SchedulerProbe() {}

  public static boolean offers(Ipvs ipvs, Scheduler scheduler) throws IOException {
    var add = new IpvsCommand.AddService(VirtualService.of(KEY, scheduler));
    List<CommandFailure> failures = ipvs.execute(List.of(add, new IpvsCommand.DeleteService(KEY)));
    // Refused for another reason: then trying it on a Service tells.
    return failures.stream().noneMatch(failure -> failure.cause().is(Errno.ENOENT));
  }
}
