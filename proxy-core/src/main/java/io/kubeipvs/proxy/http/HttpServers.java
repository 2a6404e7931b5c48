package io.kubeipvs.proxy.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** All servers of the process, on one thread. */
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails has closed all the same
public final class HttpServers implements Closeable {
  /** Bytes read at a time; a request seldom has as many. */
  private static final int READ_BYTES = 1024;

  private static final int BACKLOG = 128;

  private final NioEventLoopGroup thread;
  private final HttpLimits limits;

  private HttpServers(HttpLimits limits) {
    this.limits = limits;
    this.thread = new NioEventLoopGroup(1, new DefaultThreadFactory("http", true));
  }

  public static HttpServers start(HttpLimits limits) {
    // Each of these saves work at the start that a server of a few small answers has no use for.
    setIfUnset("io.netty.allocator.type", "unpooled");
    setIfUnset("io.netty.noPreferDirect", "true");
    setIfUnset("io.netty.noUnsafe", "true");
    setIfUnset("io.netty.machineId", "00:00:00:00:00:00");
    setIfUnset("io.netty.processId", "1");
    setIfUnset("io.netty.leakDetection.level", "disabled");
    setIfUnset("io.netty.recycler.maxCapacityPerThread", "0");
    return new HttpServers(limits);
  }

  private static void setIfUnset(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /** A server; closing it ends its connections. */
  public interface Listening extends Closeable {
    int port();

    @Override
    void close();
  }

  public Listening listen(InetSocketAddress address, HttpHandler handler) throws IOException {
    return listen(address, local -> true, handler);
  }

  /**
   * Serves there.
   *
   * @param served the node's addresses that clients may connect to; others are hung up on
   * @throws IOException when the address cannot be had
   */
  public Listening listen(
      InetSocketAddress address, Predicate<InetAddress> served, HttpHandler handler)
      throws IOException {
    Connections connections = new Connections(limits.connections());
    ServerSocketChannel socket = ServerSocketChannel.open();
    ChannelFuture bound =
        new ServerBootstrap()
            .group(thread)
            .channelFactory(() -> new NioServerSocketChannel(socket))
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT)
            .childOption(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT)
            .childOption(ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES))
            .childOption(ChannelOption.AUTO_READ, false)
            .childHandler(new Initializer(served, handler, limits, connections))
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException("listen on " + address + ": " + bound.cause().getMessage());
    }
    return new Bound(bound.channel(), socket, connections);
  }

  private static final class Initializer extends ChannelInitializer<SocketChannel> {
    private final Predicate<InetAddress> served;
    private final HttpHandler handler;
    private final HttpLimits limits;
    private final Connections connections;

    Initializer(
        Predicate<InetAddress> served,
        HttpHandler handler,
        HttpLimits limits,
        Connections connections) {
      this.served = served;
      this.handler = handler;
      this.limits = limits;
      this.connections = connections;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
      if (!served.test(channel.localAddress().getAddress())) {
        channel.close();
        return;
      }
      Deadline deadline = new Deadline(limits, connections);
      HttpDecoderConfig decoding =
          new HttpDecoderConfig()
              .setMaxInitialLineLength(limits.lineLength())
              .setMaxHeaderSize(limits.headerLength())
              .setMaxChunkSize(READ_BYTES)
              .setInitialBufferSize(READ_BYTES / 4);
      channel
          .pipeline()
          .addLast(
              deadline,
              new HttpServerCodec(decoding),
              new FlowControlHandler(),
              new Exchange(handler, limits, deadline));
    }
  }

  private record Bound(Channel channel, ServerSocketChannel socket, Connections connections)
      implements Listening {
    @Override
    public int port() {
      return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    @Override
    public void close() {
      channel.close().awaitUninterruptibly();
      // The JDK frees the port when the selector runs the next time: before some task to come.
      while (isOurs()) {
        Thread.onSpinWait();
      }
    }

    private boolean isOurs() {
      Future<Boolean> registered = channel.eventLoop().submit(socket::isRegistered);
      channel.eventLoop().submit(connections::closeAll);
      return registered.awaitUninterruptibly().isSuccess() && registered.getNow();
    }
  }

  @Override
  public void close() {
    thread.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
