package io.kubeipvs.proxy.cli;

import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.proxy.apply.Kernel;
import io.kubeipvs.proxy.config.ModeInForce;
import java.io.IOException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The kernel, made ready for the mode that was asked for, or for iptables mode where it cannot do
 * what IPVS mode needs. It is decided once, at the start: a restart returns to IPVS when it can.
 */
record OpenKernel(Kernel kernel, ModeInForce mode) {
  private static final Logger LOG = LogManager.getLogger("io.kubeipvs");

  static OpenKernel open(ProxyOptions options, NetlinkTrace trace, Tools tools)
      throws IOException, StartupException {
    if (options.mode == ProxyOptions.Mode.iptables) {
      return forIptables(options, trace, tools, ModeInForce.IPTABLES);
    }
    try {
      return forIpvs(options, trace, tools);
    } catch (MissingKernelPartException e) {
      if (options.ipvsRequired) {
        throw new StartupException(e.getMessage() + " (--ipvs-required)");
      }
      String reason = String.valueOf(e.getMessage());
      LOG.warn("{} Until a restart finds it, Services are served by iptables.", reason);
      return forIptables(options, trace, tools, ModeInForce.insteadOfIpvs(reason));
    }
  }

  private static OpenKernel forIpvs(ProxyOptions options, NetlinkTrace trace, Tools tools)
      throws IOException, StartupException {
    Kernel kernel = KernelGateways.open(trace, tools.iptables());
    try {
      IpvsParts.require(kernel);
      Preflight.prepare(options, kernel);
      return new OpenKernel(kernel, ModeInForce.IPVS);
    } catch (IOException | StartupException e) {
      kernel.close();
      throw e;
    }
  }

  private static OpenKernel forIptables(
      ProxyOptions options, NetlinkTrace trace, Tools tools, ModeInForce mode)
      throws IOException, StartupException {
    Kernel kernel = KernelGateways.openWhatThereIs(trace, tools.iptables());
    try {
      Preflight.prepareIptables(options, kernel);
      return new OpenKernel(kernel, mode);
    } catch (IOException e) {
      kernel.close();
      throw e;
    }
  }
}
