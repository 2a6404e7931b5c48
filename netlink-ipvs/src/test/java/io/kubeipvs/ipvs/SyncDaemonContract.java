package io.kubeipvs.ipvs;

import static io.kubeipvs.ipvs.GivenIpvs.errno;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.Errno;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a table says of its two threads that send connections to other nodes and receive them. */
interface SyncDaemonContract extends GivenIpvs {
  @Test
  default void daemonsRunUntilStopped() throws IOException {
    SyncDaemon master =
        new SyncDaemon(
            SyncDaemon.State.MASTER,
            "lo",
            7,
            1000,
            Optional.of(IpAddress.of("224.0.0.99")),
            9000,
            3);
    assertThat(table().daemons()).isEmpty();
    table().startDaemon(master);
    assertThat(table().daemons()).containsExactly(master);
    assertThat(errno(() -> table().startDaemon(master))).isEqualTo(Errno.EEXIST);
    table().stopDaemon(SyncDaemon.State.MASTER);
    assertThat(table().daemons()).isEmpty();
    assertThat(errno(() -> table().stopDaemon(SyncDaemon.State.MASTER))).isEqualTo(Errno.ESRCH);
  }

  @Test
  default void daemonGetsTheKernelsDefaults() throws IOException {
    table()
        .startDaemon(new SyncDaemon(SyncDaemon.State.BACKUP, "lo", 3, 0, Optional.empty(), 0, 0));
    assertThat(table().daemons())
        .containsExactly(
            new SyncDaemon(
                SyncDaemon.State.BACKUP,
                "lo",
                3,
                65_507,
                Optional.of(IpAddress.of("224.0.0.81")),
                8848,
                1));
    table().stopDaemon(SyncDaemon.State.BACKUP);
  }

  @Test
  default void daemonNeedsAnInterface() throws IOException {
    SyncDaemon daemon =
        new SyncDaemon(SyncDaemon.State.MASTER, "nosuch0", 1, 0, Optional.empty(), 0, 0);
    assertThat(errno(() -> table().startDaemon(daemon))).isEqualTo(Errno.ENODEV);
    assertThat(table().daemons()).isEmpty();
  }
}
