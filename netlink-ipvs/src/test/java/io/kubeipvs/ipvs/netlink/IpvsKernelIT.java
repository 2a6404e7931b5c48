package io.kubeipvs.ipvs.netlink;

import io.kubeipvs.ipvs.Ipvs;
import io.kubeipvs.ipvs.IpvsContract;
import io.kubeipvs.ipvs.SyncDaemon;
import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.testing.RequiresKernel;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The contract on the kernel's table. Root, in a network namespace of its own or a guest. */
@RequiresKernel("ip_vs")
final class IpvsKernelIT implements IpvsContract {
  private NetlinkIpvs ipvs;

  @BeforeEach
  void openEmpty() throws IOException {
    ipvs = NetlinkIpvs.open(NetlinkTrace.NONE);
    ipvs.flush();
  }

  @AfterEach
  void leaveEmpty() throws IOException {
    ipvs.flush();
    for (SyncDaemon daemon : ipvs.daemons()) {
      ipvs.stopDaemon(daemon.state());
    }
    ipvs.close();
  }

  @Override
  public Ipvs table() {
    return ipvs;
  }
}
