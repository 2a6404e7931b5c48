package io.kubeipvs.netlink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Requests and their answers over one netlink socket. Not for more than one thread at a time, but
 * for {@link #close}.
 *
 * <p>The kernel handles a request inside {@code send}, so its answers are queued when that returns;
 * the timeout is there for answers that were lost. A connection that failed in any other way than
 * by a {@link NetlinkException} stays usable: late answers are told by their sequence numbers and
 * dropped.
 */
public final class NetlinkConnection implements AutoCloseable {
  public static final int ROUTE = 0;
  public static final int NETFILTER = 12;
  public static final int GENERIC = 16;

  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);
  private static final int DUMP_TRIES = 8;

  /** Largest datagram we send, with many small requests; one larger request goes alone. */
  private static final int DATAGRAM_LENGTH = 1 << 16;

  /**
   * What an error answer takes of the receive buffer, at most: the kernel counts whole allocations,
   * and the text of an extended acknowledgement may double a small one.
   */
  private static final int ANSWER_COST = 2048;

  private final NetlinkSocket socket;
  private final int requestsPerDatagram;
  private ByteBuffer datagram;
  private int sequence;
  private boolean dumpRunning;

  NetlinkConnection(NetlinkSocket socket) throws IOException {
    this.socket = socket;
    this.datagram = direct(DATAGRAM_LENGTH);
    this.requestsPerDatagram = Math.max(1, socket.receiveBufferSize() / ANSWER_COST);
  }

  /**
   * Opens a socket of that protocol: {@link #ROUTE}, {@link #NETFILTER} or {@link #GENERIC}.
   *
   * @throws SystemCallException {@code EPROTONOSUPPORT} where the kernel lacks the protocol
   */
  public static NetlinkConnection open(int protocol, NetlinkTrace trace) throws IOException {
    NetlinkSocket socket = LibcSocket.open(protocol);
    return new NetlinkConnection(
        trace == NetlinkTrace.NONE ? socket : new TracingSocket(socket, trace));
  }

  /**
   * Sends one request and waits until it is carried out.
   *
   * @return the messages that came before the acknowledgement
   * @throws NetlinkException when the kernel refused it
   */
  public List<NetlinkMessage> request(NetlinkRequest request) throws IOException {
    int first = send(List.of(request), 0, NetlinkFlags.ACK);
    List<NetlinkMessage> answers = new ArrayList<>();
    while (true) {
      for (NetlinkMessage message : receive(request, first)) {
        if (message.type() == NetlinkFlags.TYPE_ERROR) {
          Answer answer = Answer.of(message);
          if (answer.isRefusal()) {
            throw answer.toException(request);
          }
          return answers;
        }
        answers.add(message);
      }
    }
  }

  /**
   * Reads a whole table. Starts over when the table changed meanwhile.
   *
   * @throws InterruptedDumpException when it changed every time
   * @throws NetlinkException when the kernel refused, at once or half-way
   */
  public List<NetlinkMessage> dump(NetlinkRequest request) throws IOException {
    return dump(request, Collector::new).messages;
  }

  private static final class Collector implements DumpReader {
    private final List<NetlinkMessage> messages = new ArrayList<>();

    @Override
    public void read(NetlinkMessage message) {
      messages.add(message);
    }
  }

  /**
   * The same for large tables: each try is shown to a reader of its own.
   *
   * @return the reader that saw the whole table
   */
  public <R extends DumpReader> R dump(NetlinkRequest request, Supplier<R> readers)
      throws IOException {
    for (int tries = 0; tries < DUMP_TRIES; tries++) {
      R reader = readers.get();
      if (dumpOnce(request, reader)) {
        return reader;
      }
    }
    throw new InterruptedDumpException(request.description().get(), DUMP_TRIES);
  }

  /** False when the dump was interrupted; read to its end all the same, to be done with it. */
  private boolean dumpOnce(NetlinkRequest request, DumpReader reader) throws IOException {
    drainAbandonedDump();
    int first = send(List.of(request), 0, NetlinkFlags.DUMP);
    dumpRunning = true;
    boolean whole = true;
    while (true) {
      for (NetlinkMessage message : receive(request, first)) {
        whole &= (message.flags() & NetlinkFlags.DUMP_INTERRUPTED) == 0;
        switch (message.type()) {
          case NetlinkFlags.TYPE_ERROR, NetlinkFlags.TYPE_DONE -> {
            dumpRunning = false;
            Answer answer = Answer.of(message);
            if (answer.isRefusal()) {
              throw answer.toException(request);
            }
            return whole;
          }
          default -> reader.read(message);
        }
      }
    }
  }

  /**
   * The kernel goes on with a dump as its parts are taken away, and answers another one with {@code
   * EBUSY} until then. One that we gave up half-way is taken to its end here.
   */
  private void drainAbandonedDump() throws IOException {
    while (dumpRunning) {
      try {
        dumpRunning = socket.receive(Duration.ZERO) != null;
      } catch (OverrunException | MalformedMessageException e) {
        dumpRunning = true; // Its contents matter to nobody any more.
      }
    }
  }

  /**
   * Sends many requests in as few datagrams as can be, asking for an acknowledgement on the last of
   * each only. A refused request does not stop those behind it.
   *
   * @return the refused ones, in order, each with its own error
   */
  public List<BatchFailure> batch(List<NetlinkRequest> requests) throws IOException {
    List<BatchFailure> failures = new ArrayList<>();
    int start = 0;
    while (start < requests.size()) {
      int end = endOfDatagram(requests, start);
      List<NetlinkRequest> part = requests.subList(start, end);
      int first = send(part, 0, NetlinkFlags.ACK);
      awaitLast(part, first, start, failures);
      start = end;
    }
    return failures;
  }

  private int endOfDatagram(List<NetlinkRequest> requests, int start) {
    int bytes = 0;
    int end = start;
    while (end < requests.size() && end - start < requestsPerDatagram) {
      bytes += NetlinkMessage.aligned(requests.get(end).length());
      if (bytes > DATAGRAM_LENGTH && end > start) {
        break;
      }
      end++;
    }
    return end;
  }

  private void awaitLast(
      List<NetlinkRequest> part, int first, int offset, List<BatchFailure> failures)
      throws IOException {
    NetlinkRequest last = part.get(part.size() - 1);
    while (true) {
      for (NetlinkMessage message : receive(last, first)) {
        if (message.type() != NetlinkFlags.TYPE_ERROR) {
          continue;
        }
        int index = message.sequence() - first;
        Answer answer = Answer.of(message);
        if (answer.isRefusal()) {
          failures.add(new BatchFailure(offset + index, answer.toException(part.get(index))));
        }
        if (index == part.size() - 1) {
          return;
        }
      }
    }
  }

  /** Sends the requests as one datagram; answers the sequence number of the first. */
  private int send(List<NetlinkRequest> requests, int flags, int flagsOfLast) throws IOException {
    int first = sequence + 1;
    int bytes = requests.stream().mapToInt(r -> NetlinkMessage.aligned(r.length())).sum();
    if (bytes > datagram.capacity()) {
      datagram = direct(bytes);
    }
    datagram.clear();
    for (int i = 0; i < requests.size(); i++) {
      int more = i == requests.size() - 1 ? flagsOfLast : flags;
      requests.get(i).writeTo(datagram, more, ++sequence, socket.portId());
    }
    socket.send(datagram.flip());
    return first;
  }

  /** The next datagram's messages that answer requests from {@code first} on. */
  private List<NetlinkMessage> receive(NetlinkRequest request, int first) throws IOException {
    ByteBuffer received = socket.receive(ANSWER_TIMEOUT);
    if (received == null) {
      throw new IOException(
          "%s: no answer within %d s"
              .formatted(request.description().get(), ANSWER_TIMEOUT.toSeconds()));
    }
    List<NetlinkMessage> answers = new ArrayList<>();
    for (NetlinkMessage message : NetlinkMessage.parse(copy(received))) {
      if (isAnswer(message, first)) {
        answers.add(message);
      }
    }
    return answers;
  }

  /**
   * Whether a message answers a request of the exchange that began with that sequence number. Older
   * numbers are late answers; others are not ours, which is worth an error: two threads would be
   * using the connection.
   */
  private boolean isAnswer(NetlinkMessage message, int first) throws IOException {
    if (message.portId() != socket.portId() || message.sequence() - first < 0) {
      return false;
    }
    if (message.sequence() - sequence > 0) {
      throw new MalformedMessageException(
          "answer to request %d, the last one sent was %d".formatted(message.sequence(), sequence));
    }
    if (message.type() == NetlinkFlags.TYPE_OVERRUN) {
      throw new OverrunException("NLMSG_OVERRUN: the kernel lost data for us");
    }
    return message.type() != NetlinkFlags.TYPE_NOOP;
  }

  /** Subscribes to a multicast group; its messages come by {@link #notifications}. */
  public void join(int group) throws IOException {
    socket.join(group);
  }

  /**
   * The messages of the next datagram that no request asked for; none when none comes in time. A
   * connection that has joined groups should be used for nothing else.
   *
   * @throws OverrunException when some were lost: read the state again
   */
  public List<NetlinkMessage> notifications(Duration timeout) throws IOException {
    ByteBuffer received = socket.receive(timeout);
    return received == null ? List.of() : NetlinkMessage.parse(copy(received));
  }

  // The socket's bytes are good until its next receive only.
  private static ByteBuffer copy(ByteBuffer received) {
    return ByteBuffer.allocate(received.remaining()).put(received).flip();
  }

  private static ByteBuffer direct(int length) {
    return ByteBuffer.allocateDirect(length).order(ByteOrder.nativeOrder());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
