package io.kubeipvs.ipvs;

import io.kubeipvs.net.IpAddress;
import java.util.Optional;

/**
 * A connection synchronisation daemon ({@code ipvsadm --start-daemon}).
 *
 * @param multicastInterface name of the interface it sends or listens on
 * @param maximumLength of a sync message in bytes; 0 lets the kernel choose
 * @param port UDP port; 0 lets the kernel choose
 * @param timeToLive of the multicast packets; 0 lets the kernel choose
 */
public record SyncDaemon(
    State state,
    String multicastInterface,
    int syncId,
    int maximumLength,
    Optional<IpAddress> group,
    int port,
    int timeToLive) {

  /** {@code IP_VS_STATE_*}. */
  public enum State {
    MASTER(1),
    BACKUP(2);

    private final int number;

    State(int number) {
      this.number = number;
    }

    public int number() {
      return number;
    }
  }
}
