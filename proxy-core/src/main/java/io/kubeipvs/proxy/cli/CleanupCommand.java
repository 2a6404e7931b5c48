package io.kubeipvs.proxy.cli;

import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.proxy.apply.ApplyReport;
import io.kubeipvs.proxy.apply.CleanUp;
import io.kubeipvs.proxy.apply.Kernel;
import io.kubeipvs.proxy.diff.Ground;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code kube-ipvs cleanup}. */
@Command(
    name = "cleanup",
    mixinStandardHelpOptions = true,
    description =
        "Removes everything kube-ipvs or kube-proxy, in IPVS mode or in iptables mode, has put into"
            + " the kernel: virtual services, VIPs, rules, sets and the device kube-ipvs0. What"
            + " others made stays, and so does KUBE-FIREWALL, which kubelet has too. Stop the proxy"
            + " first, or it puts everything back.")
final class CleanupCommand implements Callable<Integer> {

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    try {
      Tools tools = Tools.look();
      return run(tools) && tools.leftOutByMistake().isEmpty() ? 0 : 1;
    } catch (IOException | StartupException e) {
      spec.commandLine().getErr().println("kube-ipvs cleanup: " + e.getMessage());
      return 1;
    }
  }

  private boolean run(Tools tools) throws IOException, StartupException {
    try (Kernel kernel = KernelGateways.openWhatThereIs(NetlinkTrace.NONE, tools.iptables())) {
      Ground ground = Wiring.groundForCleanUp(kernel.iptables().keySet());
      ApplyReport report = new CleanUp(kernel, ground, Wiring.cleanUp()).run();
      spec.commandLine().getOut().printf("removed: %d operations%n", report.done().size());
      report.failures().forEach(failure -> spec.commandLine().getErr().println(failure));
      tools
          .leftOutByMistake()
          .forEach(
              (family, why) ->
                  spec.commandLine()
                      .getErr()
                      .printf("rules of %s are left: %s%n", Tools.word(family), why));
      return report.failures().isEmpty();
    }
  }
}
