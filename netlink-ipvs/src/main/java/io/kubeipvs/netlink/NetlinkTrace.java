package io.kubeipvs.netlink;

import java.nio.ByteBuffer;

/** Sees every datagram of a connection, before it is sent and as it was received. */
public interface NetlinkTrace {
  NetlinkTrace NONE =
      new NetlinkTrace() {
        @Override
        public void sent(int protocol, ByteBuffer datagram) {}

        @Override
        public void received(int protocol, ByteBuffer datagram) {}
      };

  void sent(int protocol, ByteBuffer datagram);

  void received(int protocol, ByteBuffer datagram);

  /** The kernel dropped datagrams that should have come. */
  default void overran(int protocol) {}
}
