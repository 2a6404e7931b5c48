package io.kubeipvs.ipvs;

import io.kubeipvs.net.IpAddress;
import java.util.Optional;

/** What the kernel puts in for what a sync daemon leaves open ({@code net/netfilter/ipvs}). */
final class FakeDaemons {
  private static final IpAddress GROUP = IpAddress.of("224.0.0.81");
  private static final int PORT = 8848;

  /** The MTU of Ethernet less the headers; a backup takes what a datagram may hold. */
  private static final int MASTER_LENGTH = 1472;

  private static final int BACKUP_LENGTH = 65_507;

  private FakeDaemons() {}

  static SyncDaemon withDefaults(SyncDaemon daemon) {
    return new SyncDaemon(
        daemon.state(),
        daemon.multicastInterface(),
        daemon.syncId(),
        daemon.maximumLength() == 0 ? length(daemon.state()) : daemon.maximumLength(),
        Optional.of(daemon.group().orElse(GROUP)),
        daemon.port() == 0 ? PORT : daemon.port(),
        daemon.timeToLive() == 0 ? 1 : daemon.timeToLive());
  }

  private static int length(SyncDaemon.State state) {
    return switch (state) {
      case MASTER -> MASTER_LENGTH;
      case BACKUP -> BACKUP_LENGTH;
    };
  }
}
