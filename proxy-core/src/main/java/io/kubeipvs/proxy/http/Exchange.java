package io.kubeipvs.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One request after the other on a connection. The next is not read before the former is answered,
 * so a client that pipelines costs no more than one that does not.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails has closed all the same
final class Exchange extends SimpleChannelInboundHandler<HttpObject> {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final HttpHandler handler;
  private final HttpLimits limits;
  private final Deadline deadline;
  private @Nullable HttpRequest request;
  private int bodyBytes;

  Exchange(HttpHandler handler, HttpLimits limits, Deadline deadline) {
    this.handler = handler;
    this.limits = limits;
    this.deadline = deadline;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    context.read();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
    if (message.decoderResult().isFailure()) {
      refuse(context, refusal(message.decoderResult().cause()));
      return;
    }
    if (message instanceof HttpRequest head) {
      if (head.protocolVersion().majorVersion() != 1) {
        refuse(context, HttpAnswer.refusal(505, "HTTP Version Not Supported"));
        return;
      }
      request = head;
      bodyBytes = 0;
      if (HttpUtil.is100ContinueExpected(head)) {
        // Nobody wants the body: answered before it is sent.
        handle(context, head, false);
        return;
      }
    }
    if (message instanceof HttpContent content) {
      bodyBytes += content.content().readableBytes();
      if (bodyBytes > limits.bodyLength()) {
        refuse(context, HttpAnswer.refusal(413, "Request Entity Too Large"));
        return;
      }
    }
    HttpRequest whole = request;
    if (message instanceof LastHttpContent && whole != null) {
      handle(context, whole, HttpUtil.isKeepAlive(whole));
    } else {
      context.read();
    }
  }

  private static HttpAnswer refusal(Throwable cause) {
    if (!(cause instanceof TooLongFrameException)) {
      return HttpAnswer.refusal(400, "Bad Request");
    }
    return cause instanceof io.netty.handler.codec.http.TooLongHttpLineException
        ? HttpAnswer.refusal(414, "Request URI Too Long")
        : HttpAnswer.refusal(431, "Request Header Fields Too Large");
  }

  private void refuse(ChannelHandlerContext context, HttpAnswer answer) {
    request = null;
    deadline.answering(context);
    write(context, answer, false, false);
  }

  private void handle(ChannelHandlerContext context, HttpRequest whole, boolean keepAlive) {
    request = null;
    deadline.answering(context);
    boolean head = whole.method().equals(HttpMethod.HEAD);
    handler
        .handle(question(whole))
        .whenComplete(
            (answer, failure) ->
                context
                    .executor()
                    .execute(
                        () ->
                            write(
                                context,
                                failure == null ? answer : HttpAnswer.failed("" + failure),
                                head,
                                keepAlive)));
  }

  private static HttpQuestion question(HttpRequest request) {
    String uri = request.uri();
    int query = uri.indexOf('?');
    String accept = request.headers().get(HttpHeaderNames.ACCEPT, "");
    return new HttpQuestion(
        request.method().name(),
        query < 0 ? uri : uri.substring(0, query),
        query < 0 ? "" : uri.substring(query + 1),
        request.headers().get(HttpHeaderNames.ACCEPT_ENCODING, "").contains("gzip"),
        accept.contains("application/openmetrics-text"));
  }

  private void write(
      ChannelHandlerContext context, HttpAnswer answer, boolean head, boolean keepAlive) {
    ByteBuf body = head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(answer.body());
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(answer.status()),
            body,
            DefaultHttpHeadersFactory.headersFactory(),
            DefaultHttpHeadersFactory.trailersFactory());
    answer.headers().forEach(response.headers()::set);
    response.headers().set("Date", DATE.format(Instant.now()));
    response.headers().set("Content-Length", answer.body().length);
    if (!keepAlive) {
      response.headers().set("Connection", "close");
    }
    ChannelFuture written = context.writeAndFlush(response);
    if (keepAlive) {
      written.addListener(
          done -> {
            deadline.answered(context);
            context.read();
          });
    } else {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  /** A client that went away, or talked TLS: nothing of ours is wrong. */
  @Override
  @SuppressWarnings("deprecation") // of the method in another interface
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
