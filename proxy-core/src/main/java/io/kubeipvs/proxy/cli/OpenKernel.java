package io.kubeipvs.proxy.cli;

import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.proxy.apply.Kernel;
import io.kubeipvs.proxy.config.ModeInForce;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The kernel, made ready for the mode that was asked for, or for iptables mode where it cannot do
 * what IPVS mode needs. It is decided once, at the start: a restart returns to IPVS when it can.
 */
record OpenKernel(Kernel kernel, ModeInForce mode) {
  private static final Logger LOG = LogManager.getLogger("io.kubeipvs");
  private static final Duration SECOND_LOOK = Duration.ofSeconds(1);

  static OpenKernel open(ProxyOptions options, NetlinkTrace trace, Tools tools)
      throws IOException, StartupException {
    Decision decision =
        options.mode == ProxyOptions.Mode.iptables
            ? new Decision(Optional.empty(), ModeInForce.IPTABLES)
            : decide(
                options.ipvsRequired, () -> openIpvs(options, trace, tools), StartRetry.standard());
    if (decision.kernel().isEmpty()) {
      return forIptables(options, trace, tools, decision.mode().without(tools.unserved()));
    }
    return forIpvs(options, decision.kernel().get(), decision.mode().without(tools.unserved()));
  }

  /**
   * How Services will be served.
   *
   * @param kernel opened already, in IPVS mode
   */
  record Decision(Optional<Kernel> kernel, ModeInForce mode) {}

  /**
   * Only a kernel that says that it lacks something is served by iptables. One that gives no answer
   * is asked again, and then the start fails: a mode chosen by accident would last until somebody
   * restarts the proxy.
   */
  static Decision decide(boolean required, StartRetry.Attempt<Kernel> ipvs, StartRetry retry)
      throws StartupException {
    try {
      return new Decision(Optional.of(opened(ipvs, retry)), ModeInForce.IPVS);
    } catch (MissingKernelPartException e) {
      if (required) {
        throw new StartupException(e.getMessage() + " (--ipvs-required)");
      }
      String reason = String.valueOf(e.getMessage());
      LOG.warn("{} Until a restart finds it, Services are served by iptables.", reason);
      return new Decision(Optional.empty(), ModeInForce.insteadOfIpvs(reason));
    }
  }

  /**
   * A lack counts when it is said twice: loading a module may fail once, early in a node's life.
   */
  private static Kernel opened(StartRetry.Attempt<Kernel> ipvs, StartRetry retry)
      throws StartupException {
    String what = "it cannot be told whether this kernel has IPVS and sets";
    try {
      return retry.run(what, ipvs);
    } catch (MissingKernelPartException e) {
      retry.pause(SECOND_LOOK);
      return retry.run(what, ipvs);
    }
  }

  private static Kernel openIpvs(ProxyOptions options, NetlinkTrace trace, Tools tools)
      throws IOException, StartupException {
    Kernel kernel = KernelGateways.open(trace, tools.iptables());
    try {
      if (options.scheduler.isEmpty()) { // one that was named is a mistake, and said as such
        IpvsParts.requireScheduler(kernel.ipvs(), Scheduler.ROUND_ROBIN);
      }
      IpvsParts.require(kernel);
      return kernel;
    } catch (IOException | StartupException e) {
      kernel.close();
      throw e;
    }
  }

  private static OpenKernel forIpvs(ProxyOptions options, Kernel kernel, ModeInForce mode)
      throws IOException, StartupException {
    try {
      Preflight.prepare(options, kernel);
      return new OpenKernel(kernel, mode);
    } catch (IOException | StartupException e) {
      kernel.close();
      throw e;
    }
  }

  private static OpenKernel forIptables(
      ProxyOptions options, NetlinkTrace trace, Tools tools, ModeInForce mode)
      throws IOException, StartupException {
    Kernel kernel = openForIptables(options, trace, tools);
    try {
      Preflight.prepareIptables(options, kernel);
      return new OpenKernel(kernel, mode);
    } catch (IOException e) {
      kernel.close();
      throw e;
    }
  }

  /**
   * Where iptables mode was asked for, IPVS is opened only to find what its mode may have left: no
   * reason not to serve. After a fallback it is, for then the Services may be there.
   */
  private static Kernel openForIptables(ProxyOptions options, NetlinkTrace trace, Tools tools)
      throws IOException, StartupException {
    try {
      return StartRetry.standard()
          .run(
              "the kernel cannot be opened",
              () -> KernelGateways.openWhatThereIs(trace, tools.iptables()));
    } catch (StartupException e) {
      if (options.mode != ProxyOptions.Mode.iptables) {
        throw e;
      }
      LOG.warn("what IPVS mode may have left is not looked for: {}", e.getMessage());
      return KernelGateways.openWithoutIpvs(trace, tools.iptables());
    }
  }
}
