package io.kubeipvs.proxy.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection when what is under way takes too long, whether bytes trickle meanwhile or
 * not. Stands before the decoder, to see a request's first byte.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails has closed all the same
final class Deadline extends ChannelInboundHandlerAdapter {
  private final HttpLimits limits;
  private final Connections connections;
  private @Nullable ScheduledFuture<?> timer;
  private boolean idle;

  Deadline(HttpLimits limits, Connections connections) {
    this.limits = limits;
    this.connections = connections;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) throws Exception {
    connections.add(context.channel());
    within(limits.request(), context);
    super.channelActive(context);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (idle) {
      idle = false;
      within(limits.request(), context);
    }
    super.channelRead(context, message);
  }

  /** The request is complete. */
  void answering(ChannelHandlerContext context) {
    connections.used(context.channel());
    within(limits.answer(), context);
  }

  /** The answer is written; the next request may come. */
  void answered(ChannelHandlerContext context) {
    idle = true;
    within(limits.idle(), context);
  }

  private void within(Duration time, ChannelHandlerContext context) {
    cancel();
    timer =
        context
            .executor()
            .schedule(() -> context.channel().close(), time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void cancel() {
    if (timer != null) {
      timer.cancel(false);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    cancel();
    connections.remove(context.channel());
    super.channelInactive(context);
  }
}
