package io.kubeipvs.iptables;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How to run the tools.
 *
 * @param program {@code iptables-legacy}, {@code /opt/bin/iptables-nft}: what the names of the
 *     tools begin with (the IPv6 ones by the same rule); empty to find out which the node uses
 * @param commandPrefix words before the tool, as {@code nsenter --net=/run/netns/x}
 * @param environment added to ours; {@code XTABLES_LOCKFILE} moves the lock (iptables 1.8.8)
 * @param lockWait how long to wait for the lock, in whole seconds
 * @param timeout how long one run may take, the waiting included
 */
public record ToolOptions(
    Optional<String> program,
    List<String> commandPrefix,
    Map<String, String> environment,
    Duration lockWait,
    Duration timeout) {
  public static final ToolOptions DEFAULT =
      new ToolOptions(
          Optional.empty(), List.of(), Map.of(), Duration.ofSeconds(5), Duration.ofMinutes(2));

  private static final String LOCK_FILE = "XTABLES_LOCKFILE";

  public ToolOptions {
    commandPrefix = List.copyOf(commandPrefix);
    environment = Map.copyOf(environment);
  }

  public ToolOptions withProgram(String newProgram) {
    return new ToolOptions(Optional.of(newProgram), commandPrefix, environment, lockWait, timeout);
  }

  public ToolOptions withCommandPrefix(List<String> newPrefix) {
    return new ToolOptions(program, newPrefix, environment, lockWait, timeout);
  }

  Path lockFile() {
    String inherited = System.getenv(LOCK_FILE);
    String fallback = inherited != null ? inherited : "/run/xtables.lock";
    return Path.of(environment.getOrDefault(LOCK_FILE, fallback));
  }

  /** {@code /opt/bin/iptables-nft} is {@code /opt/bin/ip6tables-nft} for IPv6. */
  static String programOf(Family family, String program) {
    int name = program.lastIndexOf('/') + 1;
    String rest = program.substring(name);
    for (Family any : Family.values()) {
      if (rest.startsWith(any.toolName())) {
        rest = rest.substring(any.toolName().length());
        return program.substring(0, name) + family.toolName() + rest;
      }
    }
    return program;
  }
}
