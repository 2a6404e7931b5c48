package io.kubeipvs.netlink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;
import org.jspecify.annotations.Nullable;

/**
 * A netlink socket of the C library: the only user of jnr-ffi and the only owner of descriptors.
 * Numbers are those of Linux on x86 and arm ({@code asm-generic/socket.h}, {@code
 * linux/netlink.h}).
 */
final class LibcSocket implements NetlinkSocket {
  private static final int AF_NETLINK = 16;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_RAW = 3;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_SNDBUF = 7;
  private static final int SO_RCVBUF = 8;
  private static final int SO_SNDBUFFORCE = 32;
  private static final int SO_RCVBUFFORCE = 33;
  private static final int SOL_NETLINK = 270;
  private static final int NETLINK_ADD_MEMBERSHIP = 1;
  private static final int NETLINK_CAP_ACK = 10;
  private static final int NETLINK_EXT_ACK = 11;
  private static final int NETLINK_GET_STRICT_CHK = 12;
  private static final int MSG_TRUNC = 0x20;
  private static final int MSG_DONTWAIT = 0x40;
  private static final short POLLIN = 1;

  /** No such table, or no tables at all; {@code ENOPROTOOPT} is 92. */
  private static final Set<Errno> ABSENT = Set.of(Errno.ENOENT, new Errno(92));

  /** {@code struct sockaddr_nl}: family, padding, port id, groups. */
  private static final int ADDRESS_LENGTH = 12;

  /** Dumps come in datagrams of up to 32 KiB; nothing we ask for answers in more at once. */
  private static final int RECEIVE_LENGTH = 1 << 17;

  /** Room for the errors of a batch; the kernel doubles it for its own overhead. */
  private static final int RECEIVE_BUFFER = 4 << 20;

  private static final int SEND_BUFFER = 1 << 20;

  /** Closing a descriptor does not wake who polls it, so nobody may poll for longer. */
  private static final int POLL_MILLISECONDS = 500;

  /**
   * The calls we make, as in the C library; public because jnr implements it from a class loader of
   * its own.
   */
  public interface LibC {
    int socket(int domain, int type, int protocol);

    int bind(int descriptor, @In ByteBuffer address, int length);

    int getsockname(int descriptor, @Out ByteBuffer address, @In @Out int[] length);

    int setsockopt(int descriptor, int level, int option, @In int[] value, int length);

    int getsockopt(
        int descriptor, int level, int option, @In @Out int[] value, @In @Out int[] length);

    int poll(@In @Out ByteBuffer descriptors, long count, int milliseconds);

    @ssize_t
    long send(int descriptor, @In ByteBuffer data, @size_t long length, int flags);

    @ssize_t
    long recvfrom(
        int descriptor,
        @Out ByteBuffer data,
        @size_t long length,
        int flags,
        @Out ByteBuffer address,
        @In @Out int[] addressLength);

    int close(int descriptor);
  }

  private static final class Library {
    static final LibC C = LibraryLoader.create(LibC.class).load("c");
    static final Runtime RUNTIME = Runtime.getRuntime(C);
  }

  private final int protocol;
  private final int descriptor;
  private final int portId;
  private final ByteBuffer receiveData = direct(RECEIVE_LENGTH);
  private final ByteBuffer receiveAddress = direct(ADDRESS_LENGTH);
  private final ByteBuffer pollDescriptor = direct(8);

  /**
   * Held while a call uses the descriptor. {@link #close} waits for it: the number of a descriptor
   * that was closed under a running call may be another's already.
   */
  private final ReentrantLock use = new ReentrantLock();

  private final AtomicBoolean closed = new AtomicBoolean();

  private LibcSocket(int protocol, int descriptor, int portId) {
    this.protocol = protocol;
    this.descriptor = descriptor;
    this.portId = portId;
    pollDescriptor.putInt(0, descriptor).putShort(4, POLLIN);
  }

  static LibcSocket open(int protocol) throws IOException {
    int descriptor = Library.C.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
    if (descriptor < 0) {
      throw failure("socket(AF_NETLINK, " + protocol + ")");
    }
    try {
      return new LibcSocket(protocol, descriptor, setUp(protocol, descriptor));
    } catch (IOException e) {
      Library.C.close(descriptor);
      throw e;
    }
  }

  /**
   * Asks a socket of that domain (no netlink) for an option whose value is a question as well.
   *
   * @return whether there is such a thing; then the answer is in {@code value}
   */
  static boolean inetOption(int domain, int level, int option, int[] value) throws IOException {
    int descriptor = Library.C.socket(domain, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
      return false; // a kernel without that family
    }
    try {
      int[] length = {value.length * Integer.BYTES};
      int result = Library.C.getsockopt(descriptor, level, option, value, length);
      if (result < 0 && !ABSENT.contains(lastError())) {
        throw failure("getsockopt(" + level + ", " + option + ")");
      }
      return result == 0;
    } finally {
      Library.C.close(descriptor);
    }
  }

  /** Binds and sizes the socket; answers its port id. */
  private static int setUp(int protocol, int descriptor) throws IOException {
    ByteBuffer address = direct(ADDRESS_LENGTH);
    address.putShort(0, (short) AF_NETLINK);
    check(Library.C.bind(descriptor, address, ADDRESS_LENGTH), "bind");
    check(Library.C.getsockname(descriptor, address, new int[] {ADDRESS_LENGTH}), "getsockname");
    // Without these two the answers are longer and say less; kernels before 4.12 lack the second.
    set(descriptor, SOL_NETLINK, NETLINK_CAP_ACK, 1);
    set(descriptor, SOL_NETLINK, NETLINK_EXT_ACK, 1);
    if (protocol == NetlinkConnection.ROUTE) {
      // Lets rtnetlink filter dumps by what the request's header says; kernels before 4.20 dump
      // all.
      set(descriptor, SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
    }
    enlarge(descriptor, SO_RCVBUFFORCE, SO_RCVBUF, RECEIVE_BUFFER);
    enlarge(descriptor, SO_SNDBUFFORCE, SO_SNDBUF, SEND_BUFFER);
    return address.getInt(4);
  }

  /** Beyond the system's limit where we may, up to it where not. */
  private static void enlarge(int descriptor, int forced, int plain, int bytes) {
    if (set(descriptor, SOL_SOCKET, forced, bytes) < 0) {
      set(descriptor, SOL_SOCKET, plain, bytes);
    }
  }

  private static int set(int descriptor, int level, int option, int value) {
    return Library.C.setsockopt(descriptor, level, option, new int[] {value}, Integer.BYTES);
  }

  @Override
  public int protocol() {
    return protocol;
  }

  @Override
  public int portId() {
    return portId;
  }

  @Override
  public int receiveBufferSize() throws IOException {
    int[] value = new int[1];
    int[] length = {Integer.BYTES};
    check(
        Library.C.getsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, value, length),
        "getsockopt(SO_RCVBUF)");
    return value[0];
  }

  @Override
  public void send(ByteBuffer datagram) throws IOException {
    use.lock();
    try {
      sendAll(datagram);
    } finally {
      use.unlock();
    }
  }

  private void sendAll(ByteBuffer datagram) throws IOException {
    int length = datagram.remaining();
    while (true) {
      checkOpen();
      long sent = Library.C.send(descriptor, datagram, length, 0);
      if (sent == length) {
        return;
      }
      if (sent >= 0) {
        throw new IOException("send: %d of %d bytes".formatted(sent, length));
      }
      if (!lastError().equals(Errno.EINTR)) {
        throw failure("send of " + length + " bytes");
      }
    }
  }

  @Override
  public @Nullable ByteBuffer receive(Duration timeout) throws IOException {
    use.lock();
    try {
      return receiveUntil(System.nanoTime() + timeout.toNanos());
    } finally {
      use.unlock();
    }
  }

  private @Nullable ByteBuffer receiveUntil(long deadline) throws IOException {
    while (true) {
      checkOpen();
      ByteBuffer datagram = receiveNow();
      if (datagram != null) {
        return datagram;
      }
      long nanosLeft = deadline - System.nanoTime();
      if (nanosLeft <= 0) {
        return null;
      }
      int milliseconds = (int) Math.min(POLL_MILLISECONDS, nanosLeft / 1_000_000 + 1);
      if (Library.C.poll(pollDescriptor, 1, milliseconds) < 0 && !lastError().equals(Errno.EINTR)) {
        throw failure("poll");
      }
    }
  }

  /** A datagram of the kernel's that has come already, or null. */
  private @Nullable ByteBuffer receiveNow() throws IOException {
    while (true) {
      receiveData.clear();
      receiveAddress.clear();
      long length =
          Library.C.recvfrom(
              descriptor,
              receiveData,
              RECEIVE_LENGTH,
              MSG_TRUNC | MSG_DONTWAIT,
              receiveAddress,
              new int[] {ADDRESS_LENGTH});
      if (length < 0) {
        Errno errno = lastError();
        if (errno.equals(Errno.EAGAIN)) {
          return null;
        }
        if (errno.equals(Errno.ENOBUFS)) {
          throw new OverrunException("recvfrom: ENOBUFS, the kernel dropped messages for us");
        }
        if (!errno.equals(Errno.EINTR)) {
          throw new SystemCallException("recvfrom", errno);
        }
      } else if (length > RECEIVE_LENGTH) {
        throw new MalformedMessageException(
            "datagram of %d bytes, at most %d fit".formatted(length, RECEIVE_LENGTH));
      } else if (receiveAddress.getInt(4) == 0) {
        return receiveData.slice(0, (int) length).order(ByteOrder.nativeOrder());
      }
      // Anybody may send to our port id; only port 0 is the kernel. Look for the next one.
    }
  }

  @Override
  public void join(int group) throws IOException {
    checkOpen();
    check(set(descriptor, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group), "join of group " + group);
  }

  private void checkOpen() throws ClosedChannelException {
    if (closed.get()) {
      throw new ClosedChannelException();
    }
  }

  /** Another thread's call on this socket ends with a {@link ClosedChannelException} first. */
  @Override
  public void close() throws IOException {
    if (closed.getAndSet(true)) {
      return;
    }
    use.lock();
    try {
      check(Library.C.close(descriptor), "close");
    } finally {
      use.unlock();
    }
  }

  private static ByteBuffer direct(int length) {
    return ByteBuffer.allocateDirect(length).order(ByteOrder.nativeOrder());
  }

  private static void check(int result, String call) throws SystemCallException {
    if (result < 0) {
      throw failure(call);
    }
  }

  private static SystemCallException failure(String call) {
    return new SystemCallException(call, lastError());
  }

  private static Errno lastError() {
    return new Errno(Library.RUNTIME.getLastError());
  }
}
