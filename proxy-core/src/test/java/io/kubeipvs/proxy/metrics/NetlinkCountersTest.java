package io.kubeipvs.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.netlink.NetlinkConnection;
import io.kubeipvs.netlink.NetlinkTrace;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class NetlinkCountersTest {
  private static final int ROUTE = NetlinkConnection.ROUTE;
  private final NetlinkCounters counters = new NetlinkCounters(NetlinkTrace.NONE);

  @Test
  void requestsBatchesAndRefusalsAreCounted() {
    counters.sent(ROUTE, datagram(message(24, 0), message(17, 0), message(20, 0)));
    counters.sent(ROUTE, datagram(message(24, 0)));
    counters.received(ROUTE, datagram(message(2, 0), message(2, -17), message(3, -1)));
    counters.overran(ROUTE);

    NetlinkCounters.Counts counts = counters.of(ROUTE);
    assertThat(counts.roundTrips()).hasValue(2);
    assertThat(counts.requests()).hasValue(4);
    assertThat(counts.batches()).hasValue(1);
    assertThat(counts.errors()).hasValue(1);
    assertThat(counts.overruns()).hasValue(1);
    assertThat(counters.of(NetlinkConnection.GENERIC).requests()).hasValue(0);
  }

  @RepeatedTest(200)
  void anyBytesAreCountedWithoutHarm(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    byte[] bytes = new byte[random.nextInt(100)];
    random.nextBytes(bytes);
    counters.received(ROUTE, ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()));

    assertThat(counters.of(ROUTE).errors().get()).isLessThan(10);
  }

  /** A header, an error number, and a byte that needs padding. */
  private static ByteBuffer message(int type, int error) {
    return ByteBuffer.allocate(24)
        .order(ByteOrder.nativeOrder())
        .putInt(0, 21)
        .putShort(4, (short) type)
        .putInt(16, error);
  }

  private static ByteBuffer datagram(ByteBuffer... messages) {
    ByteBuffer all = ByteBuffer.allocate(24 * messages.length).order(ByteOrder.nativeOrder());
    for (ByteBuffer message : messages) {
      all.put(message.duplicate());
    }
    return all.flip();
  }
}
