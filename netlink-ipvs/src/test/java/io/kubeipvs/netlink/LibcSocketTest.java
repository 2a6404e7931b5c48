package io.kubeipvs.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The real socket, on requests that need no privilege: {@code RTM_GETLINK} (18), as a user may. */
class LibcSocketTest {
  private static final int RTM_GETLINK = 18;
  private static final int RTM_NEWLINK = 16;
  private static final int IFLA_IFNAME = 3;
  private static final int IFINFO_LENGTH = 16;

  @Test
  void dumpShowsTheLoopbackDevice() throws IOException {
    List<String> names = new ArrayList<>();
    try (NetlinkConnection connection = route()) {
      for (NetlinkMessage message : connection.dump(getLink(0))) {
        assertThat(message.type()).isEqualTo(RTM_NEWLINK);
        AttributeReader attributes = message.attributes(IFINFO_LENGTH);
        while (attributes.next()) {
          if (attributes.type() == IFLA_IFNAME) {
            names.add(attributes.string());
          }
        }
      }
    }
    assertThat(names).contains("lo");
  }

  @Test
  void refusalCarriesTheRequestAndTheNumber() throws IOException {
    try (NetlinkConnection connection = route()) {
      assertThatThrownBy(() -> connection.request(getLink(1_000_000)))
          .isInstanceOf(NetlinkException.class)
          .hasMessageContaining("GETLINK 1000000")
          .hasMessageContaining("ENODEV");
    }
  }

  @Test
  void everyErrorOfABatchIsItsOwnRequests() throws IOException {
    List<NetlinkRequest> requests = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      requests.add(getLink(i % 3 == 0 ? 1_000_000 + i : 1));
    }
    try (NetlinkConnection connection = route()) {
      List<BatchFailure> failures = connection.batch(requests);
      assertThat(failures).hasSize(1_667);
      for (BatchFailure failure : failures) {
        assertThat(failure.index() % 3).isZero();
        assertThat(failure.cause().request()).isEqualTo("GETLINK " + (1_000_000 + failure.index()));
      }
    }
  }

  @Test
  @Timeout(60)
  void closeEndsTheWaitingOfAnotherThread() throws Exception {
    NetlinkConnection connection = route();
    CountDownLatch started = new CountDownLatch(1);
    FutureTask<List<NetlinkMessage>> waiting =
        new FutureTask<>(
            () -> {
              started.countDown();
              return connection.notifications(Duration.ofHours(1));
            });
    new Thread(waiting).start();
    started.await();
    connection.close();
    assertThatThrownBy(waiting::get).hasCauseInstanceOf(ClosedChannelException.class);
  }

  /** The number of its descriptor may be somebody else's by then. */
  @Test
  void closedConnectionIsNotUsedAnyMore() throws IOException {
    NetlinkConnection connection = route();
    connection.close();
    connection.close();
    assertThatThrownBy(() -> connection.request(getLink(1)))
        .isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> connection.join(1)).isInstanceOf(ClosedChannelException.class);
  }

  private static NetlinkConnection route() throws IOException {
    return NetlinkConnection.open(NetlinkConnection.ROUTE, NetlinkTrace.NONE);
  }

  private static NetlinkRequest getLink(int index) {
    AttributeWriter body =
        new AttributeWriter().headerU32(0).headerU32(index).headerU32(0).headerU32(0);
    return NetlinkRequest.of(RTM_GETLINK, 0, body, () -> "GETLINK " + index);
  }
}
