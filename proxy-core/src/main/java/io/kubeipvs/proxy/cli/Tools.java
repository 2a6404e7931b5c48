package io.kubeipvs.proxy.cli;

import io.kubeipvs.iptables.Family;
import io.kubeipvs.iptables.Iptables;
import io.kubeipvs.iptables.IptablesTools;
import io.kubeipvs.iptables.ToolOptions;
import io.kubeipvs.net.AddressFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/**
 * The iptables tools of the families this node has.
 *
 * @param randomFully whether they know {@code --random-fully}
 */
record Tools(Map<AddressFamily, Iptables> iptables, boolean randomFully) {

  static Tools open() throws StartupException {
    Map<AddressFamily, Iptables> iptables = new EnumMap<>(AddressFamily.class);
    try {
      ToolOptions options =
          ToolOptions.DEFAULT.withProgram(IptablesTools.detect(ToolOptions.DEFAULT));
      IptablesTools tool = IptablesTools.open(Family.IPV4, options);
      iptables.put(AddressFamily.IPV4, tool);
      if (hasIpv6()) {
        iptables.put(AddressFamily.IPV6, IptablesTools.open(Family.IPV6, options));
      }
      return new Tools(iptables, tool.version().hasRandomFully());
    } catch (IOException e) {
      throw new StartupException(String.valueOf(e.getMessage()));
    }
  }

  /** False where the kernel was told to do without ({@code ipv6.disable=1}). */
  static boolean hasIpv6() {
    return Files.exists(Path.of("/proc/net/if_inet6"));
  }
}
