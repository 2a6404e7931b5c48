package io.kubeipvs.netlink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Shows a trace what passes through a socket. */
final class TracingSocket implements NetlinkSocket {
  private final NetlinkSocket socket;
  private final NetlinkTrace trace;

  TracingSocket(NetlinkSocket socket, NetlinkTrace trace) {
    this.socket = socket;
    this.trace = trace;
  }

  @Override
  public int protocol() {
    return socket.protocol();
  }

  @Override
  public int portId() {
    return socket.portId();
  }

  @Override
  public int receiveBufferSize() throws IOException {
    return socket.receiveBufferSize();
  }

  @Override
  public void send(ByteBuffer datagram) throws IOException {
    trace.sent(protocol(), view(datagram));
    socket.send(datagram);
  }

  @Override
  public @Nullable ByteBuffer receive(Duration timeout) throws IOException {
    try {
      ByteBuffer datagram = socket.receive(timeout);
      if (datagram != null) {
        trace.received(protocol(), view(datagram));
      }
      return datagram;
    } catch (OverrunException e) {
      trace.overran(protocol());
      throw e;
    }
  }

  private static ByteBuffer view(ByteBuffer datagram) {
    return datagram.slice().asReadOnlyBuffer().order(ByteOrder.nativeOrder());
  }

  @Override
  public void join(int group) throws IOException {
    socket.join(group);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
