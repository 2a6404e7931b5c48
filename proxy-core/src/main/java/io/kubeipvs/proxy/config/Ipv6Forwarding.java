package io.kubeipvs.proxy.config;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Forwarding of IPv6, which kube-proxy never looks at. Without it Services over IPv6 are reached
 * from the node itself alone.
 *
 * <p>A kernel that forwards takes itself for a router and, with {@code accept_ra} 1, no longer
 * listens to other routers: it forgets the default routes it learned from them, at once. With 2 it
 * goes on listening. So that is written before forwarding is switched on.
 */
public final class Ipv6Forwarding {
  private static final String INTERFACES = "net/ipv6/conf";
  private static final String FORWARDING = INTERFACES + "/all/forwarding";

  /** Not interfaces, and the one no router is behind. */
  private static final Set<String> OTHERS = Set.of("all", "default", "lo");

  private Ipv6Forwarding() {}

  /** Whether there is IPv6, and it is not forwarded. */
  public static boolean isOff(SysctlFiles files) throws IOException {
    return files.names(INTERFACES).contains("all") && files.read(FORWARDING).equals("0");
  }

  /** What switches it on, in this order. */
  public static List<Sysctl> switchingOn(SysctlFiles files) throws IOException {
    List<Sysctl> sysctls = new ArrayList<>();
    for (String name : files.names(INTERFACES)) {
      String acceptRa = INTERFACES + "/" + name + "/accept_ra";
      if (!OTHERS.contains(name) && isOn(files, acceptRa)) {
        sysctls.add(new Sysctl(acceptRa, 2, "router advertisements are accepted as before"));
      }
    }
    sysctls.add(new Sysctl(FORWARDING, 1, "--ipv6-forwarding"));
    return sysctls;
  }

  /** Interfaces of pods go at any moment. */
  private static boolean isOn(SysctlFiles files, String key) throws IOException {
    try {
      return files.read(key).equals("1");
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** For a person. */
  public static String remedy() {
    return "IPv6 is not forwarded (net.ipv6.conf.all.forwarding = 0): pods and outside clients do not"
        + " reach Services over IPv6. --ipv6-forwarding switches it on and keeps router advertisements"
        + " accepted where they are";
  }
}
