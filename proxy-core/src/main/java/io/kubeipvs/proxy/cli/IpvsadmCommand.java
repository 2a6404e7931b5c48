package io.kubeipvs.proxy.cli;

import io.kubeipvs.ipvs.Ipvs;
import io.kubeipvs.ipvs.Ipvsadm;
import io.kubeipvs.netlink.LibcNames;
import io.kubeipvs.netlink.NetlinkTrace;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** {@code kube-ipvs ipvsadm ...}, or this program under the name ipvsadm. */
@Command(
    name = "ipvsadm",
    description =
        "Lists and changes the IPVS table exactly as the tool ipvsadm does; takes its options.")
final class IpvsadmCommand implements Callable<Integer> {

  @Unmatched List<String> arguments = List.of();

  @Override
  public Integer call() {
    return run(arguments);
  }

  static int run(List<String> arguments) {
    try (Ipvs table = KernelGateways.openIpvs(NetlinkTrace.NONE)) {
      return Ipvsadm.run(arguments, table, new LibcNames(), System.in, System.out, System.err);
    } catch (IOException | StartupException e) {
      return Ipvsadm.unavailable(System.err);
    }
  }
}
