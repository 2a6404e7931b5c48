package io.kubeipvs.proxy.inspect;

import java.util.List;

/**
 * What a running daemon tells of itself at {@link DaemonPage#PATH}. Holds no secrets.
 *
 * @param program its version
 * @param flags settings in force, as in {@link Snapshot}
 */
public record DaemonState(String program, List<String> flags, Cluster cluster, Running running) {
  public DaemonState {
    flags = List.copyOf(flags);
  }
}
