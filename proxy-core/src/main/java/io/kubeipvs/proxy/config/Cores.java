package io.kubeipvs.proxy.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How many processors this process may run on, as kube-proxy counts them for {@code
 * --conntrack-max-per-core}. What a container's CPU limit leaves of them, which the JVM counts,
 * says nothing of how many flows the node has.
 */
public final class Cores {
  private static final String ALLOWED = "Cpus_allowed_list:";

  private Cores() {}

  public static int allowed() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith(ALLOWED)) {
          return count(line.substring(ALLOWED.length()).strip());
        }
      }
    } catch (IOException | NumberFormatException e) {
      return Runtime.getRuntime().availableProcessors();
    }
    return Runtime.getRuntime().availableProcessors();
  }

  /** Of a list as the kernel writes it: {@code 0-3,8}. */
  static int count(String list) {
    int count = 0;
    for (String part : list.split(",", -1)) {
      int dash = part.indexOf('-');
      int first = Integer.parseInt(dash < 0 ? part : part.substring(0, dash));
      int last = Integer.parseInt(part.substring(dash + 1));
      count += last - first + 1;
    }
    return count;
  }
}
