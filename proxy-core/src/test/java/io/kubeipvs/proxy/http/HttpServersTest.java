package io.kubeipvs.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpServersTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private static final HttpLimits SMALL = small(Duration.ofMillis(300));

  private static HttpLimits small(Duration patience) {
    return new HttpLimits(4, 100, 400, 1000, patience, patience, patience);
  }

  private static final HttpLimits PATIENT =
      new HttpLimits(
          4,
          100,
          400,
          1000,
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30));

  private static final HttpHandler HELLO =
      new HttpPaths(
          Map.of(
              "/hello",
              question ->
                  HttpHandler.now(HttpAnswer.json(200, "{\"m\":\"" + question.method() + "\"}")),
              "/never",
              question -> new CompletableFuture<>(),
              "/broken",
              question -> CompletableFuture.failedFuture(new IOException("no kernel")),
              "/large",
              question -> HttpHandler.now(HttpAnswer.text("x".repeat(8 << 20)))));

  private final List<Socket> sockets = new ArrayList<>();
  private HttpServers servers = HttpServers.start(PATIENT);

  @AfterEach
  void close() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    servers.close();
  }

  @Test
  void answerLooksLikeGos() throws IOException {
    String answer = ask(listen(), "GET /hello?x=1 HTTP/1.1\r\nHost: x\r\n\r\n");

    assertThat(answer.replaceAll("Date: [^\r]*GMT", "Date: now"))
        .isEqualTo(
            String.join(
                "\r\n",
                "HTTP/1.1 200 OK",
                "Content-Type: application/json",
                "X-Content-Type-Options: nosniff",
                "Date: now",
                "Content-Length: 11",
                "",
                "{\"m\":\"GET\"}"));
  }

  @Test
  void otherPathsAreNotFound() throws IOException {
    assertThat(ask(listen(), "GET /helloo HTTP/1.1\r\n\r\n"))
        .startsWith("HTTP/1.1 404 Not Found\r\n")
        .endsWith("\r\n\r\n404 page not found\n");
  }

  @Test
  void headHasNoBody() throws IOException {
    assertThat(ask(listen(), "HEAD /hello HTTP/1.1\r\nConnection: close\r\n\r\n"))
        .contains("Content-Length: 12")
        .endsWith("\r\n\r\n");
  }

  @Test
  void failureOfAHandlerIsAnAnswer() throws IOException {
    assertThat(ask(listen(), "GET /broken HTTP/1.1\r\n\r\n"))
        .startsWith("HTTP/1.1 500")
        .contains("no kernel");
  }

  @Test
  void connectionServesManyRequestsAlsoPipelined() throws IOException {
    Socket socket = connect(listen());
    send(socket, "GET /hello HTTP/1.1\r\n\r\n".repeat(3) + "GET /hello HTTP/1.0\r\n\r\n");

    assertThat(readToEnd(socket).split("\"GET\"", -1)).hasSize(5);
  }

  @Test
  void bodyIsNotReadButDoesNotHurt() throws IOException {
    Socket socket = connect(listen());
    send(
        socket,
        "POST /hello HTTP/1.1\r\nContent-Length: 5\r\n\r\nabcdeGET /hello HTTP/1.0\r\n\r\n");

    assertThat(readToEnd(socket)).contains("\"POST\"").contains("\"GET\"");
  }

  @Test
  void nobodyIsAskedToSendABody() throws IOException {
    Socket socket = connect(listen());
    send(socket, "PUT /hello HTTP/1.1\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");

    assertThat(readToEnd(socket)).startsWith("HTTP/1.1 200 OK").contains("Connection: close");
  }

  @Test
  void malformedRequestsAreRefused() throws IOException {
    int port = listen();
    for (String bad :
        List.of(
            "\u0016\u0003\u0001 this is TLS\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "GET\r\n\r\n",
            "GET /hello HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
            "GET /hello HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
            "GET /hello HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzzzz\r\n")) {
      Socket socket = connect(port);
      send(socket, bad);
      assertThat(readToEnd(socket)).as(bad).matches("(?s)HTTP/1.1 (400|505) .*Connection: close.*");
    }
    assertThat(ask(port, "GET /hello HTTP/1.1\r\n\r\n")).contains("200 OK");
  }

  @Test
  void longLinesHeadersAndBodiesAreRefused() throws IOException {
    int port = listen();
    assertRefused(port, "GET /" + "a".repeat(100) + " HTTP/1.1\r\n\r\n", " 414 ");
    assertRefused(port, "GET / HTTP/1.1\r\nA: " + "a".repeat(500) + "\r\n\r\n", " 431 ");
    assertRefused(port, "GET / HTTP/1.1\r\n" + "A: b\r\n".repeat(200) + "\r\n", " 431 ");
    assertRefused(
        port, "POST / HTTP/1.1\r\nContent-Length: 9999\r\n\r\n" + "a".repeat(2000), " 413 ");
    String chunk = "64\r\n" + "a".repeat(100) + "\r\n";
    assertRefused(
        port, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk.repeat(20), " 413 ");
  }

  /** The answer may be lost with what the client had sent and nobody read; the end is not. */
  private void assertRefused(int port, String request, String status) throws IOException {
    assertThat(whole(port, request))
        .satisfiesAnyOf(
            text -> assertThat(text).contains(status), text -> assertThat(text).isEmpty());
  }

  @Test
  void endlessHeaderEndsTheConnection() throws IOException {
    Socket socket = connect(listen());
    send(socket, "GET / HTTP/1.1\r\nA: ");
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 100_000; i++) {
                send(socket, "a".repeat(1000));
              }
            })
        .isInstanceOf(SocketException.class);
  }

  @Test
  void slowRequestEndsTheConnectionThoughBytesTrickle() throws IOException {
    serveWith(SMALL);
    Socket socket = connect(listen());
    long start = System.nanoTime();
    assertThatThrownBy(
            () -> {
              send(socket, "GET / HTTP/1.1\r\n");
              for (int i = 0; i < 1_000; i++) {
                socket.setSoTimeout(20);
                send(socket, "A");
                pause(socket);
              }
            })
        .isInstanceOf(IOException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(19));
  }

  @Test
  void silentIdleAndUnansweredConnectionsEnd() throws IOException {
    serveWith(small(Duration.ofSeconds(1))); // we may be slow to ask
    int port = listen();
    assertThat(readToEnd(connect(port))).isEmpty();
    Socket idle = connect(port);
    send(idle, "GET /hello HTTP/1.1\r\n\r\n");
    assertThat(readToEnd(idle)).contains("200 OK");
    Socket waiting = connect(port);
    send(waiting, "GET /never HTTP/1.1\r\n\r\n");
    assertThat(readToEnd(waiting)).isEmpty();
  }

  @Test
  void clientThatDoesNotReadItsAnswerIsLeft() throws IOException {
    serveWith(SMALL);
    int port = listen();
    Socket socket = connect(port);
    send(socket, "GET /large HTTP/1.1\r\n\r\n");
    for (int i = 0; i < 2; i++) { // the first may have come before the request was read
      assertThat(readToEnd(connect(port))).isEmpty();
    }
    // The time is over: what the system had buffered is there, the rest never comes.
    assertThat(readToEnd(socket).length()).isLessThan(8 << 20);
  }

  @Test
  void manyConnectionsKeepNobodyOut() throws IOException {
    int port = listen();
    for (int i = 0; i < 200; i++) {
      send(connect(port), "GET /hel");
    }
    assertThat(ask(port, "GET /hello HTTP/1.1\r\n\r\n")).contains("200 OK");
    assertThat(readToEnd(sockets.get(0))).isEmpty();
  }

  @Test
  void otherAddressesOfTheNodeAreHungUpOn() throws IOException {
    HttpServers.Listening listening =
        servers.listen(new InetSocketAddress(LOOPBACK, 0), local -> false, HELLO);
    assertThat(whole(listening.port(), "GET /hello HTTP/1.1\r\n\r\n")).isEmpty();
  }

  @Test
  void takenPortIsAnError() throws IOException {
    int port = listen();
    assertThatThrownBy(() -> servers.listen(new InetSocketAddress(LOOPBACK, port), HELLO))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(":" + port)
        .hasMessageContaining("Address already in use");
  }

  @Test
  void closedServerFreesItsPortAndEndsItsConnections() throws IOException {
    HttpServers.Listening listening = servers.listen(new InetSocketAddress(LOOPBACK, 0), HELLO);
    Socket socket = connect(listening.port());
    send(socket, "GET /hel");
    int port = listening.port();
    listening.close();

    assertThat(readToEnd(socket)).isEmpty();
    servers.listen(new InetSocketAddress(LOOPBACK, port), HELLO).close();
  }

  private void serveWith(HttpLimits limits) {
    servers.close();
    servers = HttpServers.start(limits);
  }

  private int listen() throws IOException {
    return servers.listen(new InetSocketAddress(LOOPBACK, 0), HELLO).port();
  }

  private Socket connect(int port) throws IOException {
    Socket socket = new Socket(LOOPBACK, port);
    socket.setSoTimeout(120_000);
    sockets.add(socket);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Waits a little, for the connection's end if it comes. */
  private static void pause(Socket socket) throws IOException {
    try {
      if (socket.getInputStream().read() < 0) {
        throw new SocketException("ended");
      }
    } catch (java.net.SocketTimeoutException e) {
      // Still open.
    }
  }

  private static String readToEnd(Socket socket) {
    StringBuilder text = new StringBuilder();
    byte[] buffer = new byte[65_536];
    try (InputStream in = socket.getInputStream()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        text.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
      }
    } catch (SocketException e) {
      return text.toString(); // A reset is an end too.
    } catch (IOException e) {
      throw new AssertionError(text.toString(), e);
    }
    return text.toString();
  }

  /** Everything until the connection's end, for requests that end it. */
  private String whole(int port, String request) throws IOException {
    Socket socket = connect(port);
    try {
      send(socket, request);
    } catch (SocketException e) {
      // It was refused before it was sent.
    }
    return readToEnd(socket);
  }

  private String ask(int port, String request) throws IOException {
    Socket socket = connect(port);
    send(socket, request);
    StringBuilder text = new StringBuilder();
    InputStream in = socket.getInputStream();
    while (!isComplete(text)) {
      int next = in.read();
      if (next < 0) {
        break;
      }
      text.append((char) next);
    }
    return text.toString();
  }

  private static boolean isComplete(StringBuilder text) {
    int head = text.indexOf("\r\n\r\n");
    int at = text.indexOf("Content-Length: ");
    if (head < 0 || at < 0) {
      return false;
    }
    int length = Integer.parseInt(text.substring(at + 16, text.indexOf("\r\n", at)));
    return text.length() >= head + 4 + length;
  }
}
