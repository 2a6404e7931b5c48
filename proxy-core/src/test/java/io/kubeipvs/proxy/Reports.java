package io.kubeipvs.proxy;

import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.netlink.Errno;
import io.kubeipvs.proxy.apply.Failure;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.diff.Phase;
import io.kubeipvs.proxy.sync.SyncReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reports of syncs, for those who listen. */
public final class Reports {
  public static final SyncReport NOTHING =
      new SyncReport(false, 0, List.of(), List.of(), List.of(), Map.of(), 0, Duration.ofMillis(1));

  private Reports() {}

  public static Failure failure(IpvsCommand command) {
    return new Failure(
        new Operation.Ipvs(Phase.PROGRAM_SERVICES, command),
        Optional.of(Errno.EINVAL),
        "Invalid argument");
  }
}
