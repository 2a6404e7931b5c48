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

/** Finds the iptables tools for the families this node has. */
final class Tools {
  private Tools() {}

  static Map<AddressFamily, Iptables> open() throws StartupException {
    Map<AddressFamily, Iptables> tools = new EnumMap<>(AddressFamily.class);
    try {
      ToolOptions options =
          ToolOptions.DEFAULT.withProgram(IptablesTools.detect(ToolOptions.DEFAULT));
      tools.put(AddressFamily.IPV4, IptablesTools.open(Family.IPV4, options));
      if (hasIpv6()) {
        tools.put(AddressFamily.IPV6, IptablesTools.open(Family.IPV6, options));
      }
      return tools;
    } catch (IOException e) {
      throw new StartupException(String.valueOf(e.getMessage()));
    }
  }

  /** False where the kernel was told to do without ({@code ipv6.disable=1}). */
  static boolean hasIpv6() {
    return Files.exists(Path.of("/proc/net/if_inet6"));
  }
}
