package io.kubeipvs.proxy.source.kubernetes;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Asks over HTTP/1.1 with the oldest client of the Java runtime: the newer one costs 20 MB and a
 * quarter of a second more, and each watch has a connection of its own here, so that a dead
 * connection stops nothing but itself.
 */
final class HttpApiServer implements ApiServer {
  private static final Logger LOG = LogManager.getLogger("io.kubeipvs.source");

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

  /** More than any server says when it refuses. */
  private static final int ERROR_LIMIT = 16 << 10;

  private final ApiAccess access;
  private @Nullable Session session;
  private @Nullable URI server;

  HttpApiServer(ApiAccess access) {
    this.access = access;
  }

  private record Session(Credentials credentials, @Nullable SSLContext tls) {}

  @Override
  public InputStream get(String path, Duration silence) throws IOException {
    HttpURLConnection connection = connection(path, silence);
    int status = connection.getResponseCode();
    if (status != HttpURLConnection.HTTP_OK) {
      throw refusal(connection, status);
    }
    return connection.getInputStream();
  }

  @Override
  public void send(String method, String path, byte[] object) throws IOException {
    HttpURLConnection connection = connection(path, ANSWER_TIMEOUT);
    connection.setRequestMethod(method);
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(object.length);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(object);
    }
    int status = connection.getResponseCode();
    if (status / 100 != 2) {
      throw refusal(connection, status);
    }
    connection.getInputStream().close();
  }

  private HttpURLConnection connection(String path, Duration silence) throws IOException {
    Session current = session();
    HttpURLConnection connection = connection(current, path);
    connection.setConnectTimeout((int) CONNECT_TIMEOUT.toMillis());
    connection.setReadTimeout((int) Math.max(1, silence.toMillis()));
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setRequestProperty("Accept", "application/json");
    connection.setRequestProperty("User-Agent", "kube-ipvs");
    Optional<String> bearer = current.credentials().bearer();
    bearer.ifPresent(token -> connection.setRequestProperty("Authorization", "Bearer " + token));
    return connection;
  }

  private static HttpURLConnection connection(Session session, String path) throws IOException {
    URI uri = URI.create(session.credentials().server() + path);
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    if (connection instanceof HttpsURLConnection https && session.tls() != null) {
      https.setSSLSocketFactory(session.tls().getSocketFactory());
      Tls.verifier(session.credentials()).ifPresent(https::setHostnameVerifier);
    }
    return connection;
  }

  private static ApiRefusedException refusal(HttpURLConnection connection, int status)
      throws IOException {
    String message = "";
    InputStream stream = connection.getErrorStream();
    if (stream != null) {
      try (stream) {
        message = message(stream.readNBytes(ERROR_LIMIT));
      }
    }
    return new ApiRefusedException(
        status, message, retryAfter(connection.getHeaderField("Retry-After")));
  }

  /** The message of a {@code Status} object; nothing of what else came. */
  private static String message(byte[] body) {
    try (JsonParser parser = new JsonFactory().createParser(new ByteArrayInputStream(body))) {
      parser.nextToken();
      Object status = parser.currentToken() == null ? null : JsonTree.read(parser);
      return status == null ? "" : ApiObject.text(status, "message").orElse("");
    } catch (IOException e) {
      return "";
    }
  }

  /** In seconds; the other form, a date, is not used by API servers. */
  private static Optional<Duration> retryAfter(@Nullable String header) {
    return Optional.ofNullable(header)
        .filter(text -> text.matches("[0-9]{1,6}"))
        .map(text -> Duration.ofSeconds(Long.parseLong(text)));
  }

  private synchronized Session session() throws IOException {
    if (session == null) {
      session = open();
    }
    return session;
  }

  private Session open() throws IOException {
    try {
      Credentials credentials = access.read();
      server = credentials.server();
      boolean secure = "https".equalsIgnoreCase(credentials.server().getScheme());
      return new Session(credentials, secure ? Tls.context(credentials) : null);
    } catch (AccessException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public synchronized void renewCredentials() {
    Session former = session;
    try {
      session = open();
    } catch (IOException e) {
      LOG.warn("the credentials cannot be read again: {}", e.getMessage());
      session = former;
    }
  }

  @Override
  public String name() {
    URI address = address();
    return address == null ? "the API server" : address.toString();
  }

  @Override
  public String host() {
    URI address = address();
    return address == null ? "" : address.getRawAuthority();
  }

  private synchronized @Nullable URI address() {
    if (server == null) {
      try {
        server = access.read().server();
      } catch (AccessException e) {
        return null;
      }
    }
    return server;
  }
}
