package io.kubeipvs.proxy.metrics;

import io.kubeipvs.netlink.NetlinkTrace;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what passes between us and the kernel, and shows it to another trace.
 *
 * <pre>
 *  struct nlmsghdr (linux/netlink.h)       struct nlmsgerr begins behind it:
 *  0        4       6       8     12  16   16
 *  +--------+-------+-------+-----+---+    +-------+
 *  | length | type  | flags | seq |pid|    | error |  0, or an errno below 0
 *  +--------+-------+-------+-----+---+    +-------+
 * </pre>
 */
public final class NetlinkCounters implements NetlinkTrace {
  private static final int HEADER_LENGTH = 16;
  private static final int NLMSG_ERROR = 2;

  /** Their numbers are below 32 ({@code linux/netlink.h}). */
  private static final int PROTOCOLS = 32;

  private final NetlinkTrace next;
  private final Counts[] counts = new Counts[PROTOCOLS];

  /** Of one netlink protocol. */
  record Counts(
      AtomicLong roundTrips,
      AtomicLong requests,
      AtomicLong batches,
      AtomicLong errors,
      AtomicLong overruns) {
    Counts() {
      this(
          new AtomicLong(), new AtomicLong(), new AtomicLong(), new AtomicLong(), new AtomicLong());
    }
  }

  public NetlinkCounters(NetlinkTrace next) {
    this.next = next;
    for (int i = 0; i < PROTOCOLS; i++) {
      counts[i] = new Counts();
    }
  }

  Counts of(int protocol) {
    return counts[protocol];
  }

  @Override
  public void sent(int protocol, ByteBuffer datagram) {
    int messages = messages(datagram, counts[protocol], false);
    counts[protocol].roundTrips().incrementAndGet();
    counts[protocol].requests().addAndGet(messages);
    if (messages > 1) {
      counts[protocol].batches().incrementAndGet();
    }
    next.sent(protocol, datagram);
  }

  @Override
  public void received(int protocol, ByteBuffer datagram) {
    messages(datagram, counts[protocol], true);
    next.received(protocol, datagram);
  }

  @Override
  public void overran(int protocol) {
    counts[protocol].overruns().incrementAndGet();
    next.overran(protocol);
  }

  private static int messages(ByteBuffer datagram, Counts counts, boolean answers) {
    int messages = 0;
    int end = datagram.limit();
    for (int at = datagram.position(); end - at >= HEADER_LENGTH; messages++) {
      int length = datagram.getInt(at);
      if (length < HEADER_LENGTH || length > end - at) {
        return messages;
      }
      if (answers
          && datagram.getShort(at + 4) == NLMSG_ERROR
          && length >= HEADER_LENGTH + 4
          && datagram.getInt(at + HEADER_LENGTH) != 0) {
        counts.errors().incrementAndGet();
      }
      at += length + 3 & ~3;
    }
    return messages;
  }
}
