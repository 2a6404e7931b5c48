package io.kubeipvs.netlink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A kernel that answers as a test tells it to, and never lets anybody wait. */
public final class ScriptedSocket implements NetlinkSocket {
  public static final int PORT_ID = 4242;

  /** Answers one datagram of ours by {@link #reply} and {@link #fail}. */
  public interface Kernel {
    void answer(List<NetlinkMessage> requests);
  }

  private interface Event {
    ByteBuffer receive() throws IOException;
  }

  private final Deque<Event> events = new ArrayDeque<>();
  private final List<List<NetlinkMessage>> sent = new ArrayList<>();
  private final List<Integer> groups = new ArrayList<>();
  private final int receiveBufferSize;
  private Kernel kernel = requests -> {};
  private boolean closed;

  public ScriptedSocket() {
    this(1 << 20);
  }

  ScriptedSocket(int receiveBufferSize) {
    this.receiveBufferSize = receiveBufferSize;
  }

  public NetlinkConnection connection() throws IOException {
    return new NetlinkConnection(this);
  }

  void answerBy(Kernel next) {
    kernel = next;
  }

  /** Puts one datagram with those messages into our receive queue. */
  public void reply(byte[]... messages) {
    byte[] datagram = Answers.join(messages);
    events.add(() -> ByteBuffer.wrap(datagram).order(ByteOrder.nativeOrder()));
  }

  /** Lets one receive fail. */
  public void fail(IOException failure) {
    events.add(
        () -> {
          throw failure;
        });
  }

  /** The datagrams we sent. */
  List<List<NetlinkMessage>> sent() {
    return sent;
  }

  /** Whether everything was received. */
  boolean isDrained() {
    return events.isEmpty();
  }

  public List<Integer> groups() {
    return groups;
  }

  public boolean isClosed() {
    return closed;
  }

  @Override
  public int protocol() {
    return NetlinkConnection.ROUTE;
  }

  @Override
  public int portId() {
    return PORT_ID;
  }

  @Override
  public int receiveBufferSize() {
    return receiveBufferSize;
  }

  @Override
  public void send(ByteBuffer datagram) throws IOException {
    if (!datagram.isDirect()) {
      throw new IllegalArgumentException("the real socket takes direct buffers only");
    }
    ByteBuffer copy = ByteBuffer.allocate(datagram.remaining()).put(datagram.duplicate()).flip();
    List<NetlinkMessage> requests = NetlinkMessage.parse(copy);
    sent.add(requests);
    kernel.answer(requests);
  }

  @Override
  public @Nullable ByteBuffer receive(Duration timeout) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    Event event = events.poll();
    return event == null ? null : event.receive();
  }

  @Override
  public void join(int group) {
    groups.add(group);
  }

  @Override
  public void close() {
    closed = true;
  }
}
