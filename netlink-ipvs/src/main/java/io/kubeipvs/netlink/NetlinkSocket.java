package io.kubeipvs.netlink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a connection needs of a netlink socket; scripted in tests. */
interface NetlinkSocket extends AutoCloseable {

  /** {@code NETLINK_ROUTE}, {@code NETLINK_NETFILTER}, {@code NETLINK_GENERIC}. */
  int protocol();

  /** Our address: what the kernel writes into its answers to us. */
  int portId();

  /** Bytes the kernel queues for us before it drops, as the kernel counts them. */
  int receiveBufferSize() throws IOException;

  /** Sends the remaining bytes of a direct buffer as one datagram. */
  void send(ByteBuffer datagram) throws IOException;

  /**
   * Receives one datagram of the kernel's; its bytes are good until the next call.
   *
   * @return null when none came within the timeout
   * @throws OverrunException when the kernel dropped some
   * @throws java.nio.channels.ClosedChannelException when it was closed, also by another thread
   */
  @Nullable ByteBuffer receive(Duration timeout) throws IOException;

  /** Subscribes to a multicast group of the protocol. */
  void join(int group) throws IOException;

  @Override
  void close() throws IOException;
}
