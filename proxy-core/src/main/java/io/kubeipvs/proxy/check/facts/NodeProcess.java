package io.kubeipvs.proxy.check.facts;

import java.util.List;

/**
 * A process.
 *
 * @param command its name as the kernel has it, 15 characters at most
 */
public record NodeProcess(long pid, String command, List<String> arguments) {
  public NodeProcess {
    arguments = List.copyOf(arguments);
  }

  /** {@code pid 4711 (kube-proxy --config=...)}. */
  @Override
  public String toString() {
    String line = arguments.isEmpty() ? command : String.join(" ", arguments);
    return "pid "
        + pid
        + " ("
        + (line.length() > 100 ? line.substring(0, 100) + "..." : line)
        + ")";
  }
}
